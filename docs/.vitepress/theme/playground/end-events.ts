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
