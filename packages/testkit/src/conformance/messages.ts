/**
 * The subject of a message. Messages that introduce ids count; messages about different ids are
 * independent.
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

/** Parses a message. Gives `["nonsense", text]` for text that isn't a message. */
export function parseMessage(text: string): unknown[] {
  try {
    const message: unknown = JSON.parse(text);
    if (Array.isArray(message)) return message;
  } catch {
    // Handled below.
  }
  return ["nonsense", text];
}

/** A message in the form that an error shows. */
export function show(message: unknown): string {
  const text = JSON.stringify(message);
  return text.length > 300 ? `${text.slice(0, 300)}… (${text.length} characters)` : text;
}
