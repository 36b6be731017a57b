import type { ScenarioResult } from "./result.ts";
import type { Selection } from "./select.ts";

/** How clients are served. */
export interface ServeOptions extends Selection {
  /** Default 0: any that is free. */
  readonly port?: number | undefined;
  /** Default 127.0.0.1. */
  readonly host?: string | undefined;
  /** Milliseconds that the client has for a message. Default 5000. */
  readonly timeout?: number | undefined;
  /**
   * Whether the client has to do exactly as recorded, without habits of its own. Default `false`.
   */
  readonly strict?: boolean | undefined;
  /** Milliseconds after a scenario during which nothing else may come. Default 100. */
  readonly linger?: number | undefined;
  /**
   * Milliseconds without a request, after the first one, until the client counts as gone: the
   * scenarios that it hasn't run have failed then. Default 60,000.
   */
  readonly idleTimeout?: number | undefined;
  /** Called with each result as it comes. */
  readonly onResult?: ((result: ScenarioResult) => void) | undefined;
}
