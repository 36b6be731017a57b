/** The page's only message to the worker of an end. */
export interface StartEnd {
  readonly name: string;
  readonly code: string;
  /** Leads to the other end, past the page. */
  readonly port: MessagePort;
}

/** A message of the worker to the page. */
export type EndEvent =
  | { readonly kind: "line"; readonly level: Level; readonly text: string }
  /** The end's code has run. Its session goes on. */
  | { readonly kind: "over" };

export type Level = "debug" | "log" | "info" | "warn" | "error";

const LEVELS: readonly unknown[] = ["debug", "log", "info", "warn", "error"] satisfies Level[];

/** The longest line that is shown. */
const LONGEST_LINE = 10_000;

/** Reads a message of a worker, whose code may come from a link and send anything. */
export function eventOf(data: unknown): EndEvent {
  const { kind, level, text } = Object(data) as Record<string, unknown>;
  if (kind === "over") return { kind };
  return {
    kind: "line",
    level: LEVELS.includes(level) ? (level as Level) : "log",
    text: typeof text === "string" ? text.slice(0, LONGEST_LINE) : "(no text)",
  };
}
