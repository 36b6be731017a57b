/**
 * What a message is about: the messages that introduce ids count, and what is said about different
 * ids is independent.
 */
export type Slot = string;

/** The {@link Slot} of a message. */
export function slotOf([tag, id]: readonly unknown[]): Slot {
  switch (tag) {
    case "push":
    case "stream":
    case "pipe":
      return "introductions";
    case "resolve":
    case "reject":
      return `settlement of ${id}`;
    case "pull":
      return `pull of ${id}`;
    default:
      return String(tag);
  }
}

/** Whether a message introduces an import of its sender. */
export function isIntroduction(message: readonly unknown[]): boolean {
  return slotOf(message) === "introductions";
}

/** The tree of a message; `["nonsense", text]` for text that is none. */
export function parseMessage(text: string): unknown[] {
  try {
    const message: unknown = JSON.parse(text);
    if (Array.isArray(message)) return message;
  } catch {
    // As below.
  }
  return ["nonsense", text];
}

/** A message as an error shows it. */
export function show(message: unknown): string {
  const text = JSON.stringify(message);
  return text.length > 300 ? `${text.slice(0, 300)}… (${text.length} characters)` : text;
}
