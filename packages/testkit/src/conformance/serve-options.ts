import type { RunOptions } from "./run-options.ts";

/** Options of `serveConformance`. The `total` counts from the first request. */
export interface ServeOptions extends RunOptions {
  /** The TCP port; 0 picks a free one. Default 0. */
  readonly port?: number | undefined;
  /** The address to listen on. Default 127.0.0.1. */
  readonly host?: string | undefined;
  /**
   * Milliseconds without a request, counted from the first one, after which the client counts as
   * gone. The scenarios that it hasn't run have then failed. Default 60,000.
   */
  readonly idleTimeout?: number | undefined;
}
