import type { ScenarioResult } from "./result.ts";
import type { Selection } from "./select.ts";

/** Options of a run of scenarios against a server or a client, which is the peer. */
export interface RunOptions extends Selection {
  /** Milliseconds that the peer has for a message. Default 5000. */
  readonly timeout?: number | undefined;
  /**
   * Milliseconds that the whole run may take. Scenarios that aren't over by then are skipped.
   * Default 3,600,000.
   */
  readonly total?: number | undefined;
  /**
   * Milliseconds after a scenario during which nothing else may come. The next scenarios run
   * meanwhile. Default 100.
   */
  readonly linger?: number | undefined;
  /**
   * True if the peer must behave exactly as recorded, without habits of its own. Default `false`.
   */
  readonly strict?: boolean | undefined;
  /** Called with each result when it is there. */
  readonly onResult?: ((result: ScenarioResult) => void) | undefined;
}
