import type { ScenarioResult } from "./result.ts";
import type { Selection } from "./select.ts";

/** Options of `serveConformance`. */
export interface ServeOptions extends Selection {
  /** The TCP port; 0 picks a free one. Default 0. */
  readonly port?: number | undefined;
  /** The address to listen on. Default 127.0.0.1. */
  readonly host?: string | undefined;
  /** Milliseconds that the client has for a message. Default 5000. */
  readonly timeout?: number | undefined;
  /**
   * Whether the client must behave exactly as recorded, without habits of its own. Default `false`.
   */
  readonly strict?: boolean | undefined;
  /** Milliseconds after a scenario during which nothing else may come. Default 100. */
  readonly linger?: number | undefined;
  /**
   * Milliseconds without a request, counted from the first one, after which the client counts as
   * gone. The scenarios that it hasn't run have then failed. Default 60,000.
   */
  readonly idleTimeout?: number | undefined;
  /** Called with each result when it is there. */
  readonly onResult?: ((result: ScenarioResult) => void) | undefined;
}
