import { parentPort } from "node:worker_threads";

/**
 * Makes this program, which runs in a process or thread of its own, answer its parent's questions.
 * The program ends with its parent.
 */
export function answerParent<Question, Answer>(
  onQuestion: (question: Question, answer: (answer: Answer) => void) => void,
): void {
  if (parentPort !== null) {
    const port = parentPort;
    port.on("message", (question) => onQuestion(question, (answer) => port.postMessage(answer)));
    return;
  }
  process.on("disconnect", () => process.exit());
  process.on("message", (question: Question) => {
    onQuestion(question, (answer) => process.send?.(answer));
  });
}
