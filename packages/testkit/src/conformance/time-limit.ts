import { ConformanceError } from "./errors.ts";

/**
 * The longest time of a scenario. Each message has a limit of its own, but a peer that sends a
 * message now and then could hold up the run for ever.
 *
 * @param timeout milliseconds that the peer has for a message
 * @returns milliseconds
 */
export function scenarioTime(timeout: number): number {
  return 10 * timeout;
}

/**
 * Runs a task within its time.
 *
 * @param subject the subject of the error, such as `the scenario`
 * @throws ConformanceError if the task takes longer than `time` milliseconds
 */
export async function inTime<Result>(
  task: () => Promise<Result>,
  time: number,
  subject = "the scenario",
): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new ConformanceError(`${subject} wasn't over after ${time} ms`));
    }, time);
  });
  try {
    return await Promise.race([task(), late]);
  } finally {
    clearTimeout(timer);
  }
}
