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

/** True if a message introduces an import of its sender. */
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

/** Deepest nesting of a peer's message. The deepest scenario needs a third. */
const DEPTH = 1500;

/**
 * Parses a message of a peer under test, which may be anything. Gives `["nonsense", text]` for a
 * message without a tag, with an id or a count that is no number, or nested too deep to handle.
 */
export function parsePeerMessage(text: string): unknown[] {
  const message = parseMessage(text);
  return isTagged(message) && !isDeeper(message, DEPTH) ? message : ["nonsense", text];
}

function isTagged([tag, id, count]: readonly unknown[]): boolean {
  switch (tag) {
    case "release":
      return typeof id === "number" && typeof count === "number";
    case "resolve":
    case "reject":
    case "pull":
      return typeof id === "number";
    default:
      return typeof tag === "string";
  }
}

/** Without recursion, because a peer chooses the depth. */
function isDeeper(message: unknown, depth: number): boolean {
  let level: unknown[] = [message];
  for (let at = 0; level.length > 0; at++) {
    if (at > depth) return true;
    const below: unknown[] = [];
    for (const tree of level) {
      if (typeof tree !== "object" || tree === null) continue;
      for (const each of Object.values(tree)) below.push(each);
    }
    level = below;
  }
  return false;
}

/** Most characters of a message in an error. Reports show the messages as well. */
const LENGTH = 1000;

/** A message in the form that an error shows. */
export function show(message: unknown): string {
  const text = JSON.stringify(message);
  if (text.length <= LENGTH) return text;
  return `${text.slice(0, LENGTH)}… (${text.length} characters, whole in the messages)`;
}
