import type { RunOptions } from "./run-options.ts";

/** Options of `testServer`. */
export interface ServerTestOptions extends RunOptions {
  /** The number of scenarios to run at once. Default 1. */
  readonly parallel?: number | undefined;
}
