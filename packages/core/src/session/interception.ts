import type { Transport } from "../transport.ts";

/**
 * Interceptors, and the code that runs them. Made by `intercept()`, so that only programs with
 * interceptors contain that code.
 */
export interface Interception {
  /** The interceptors, the outermost first. */
  readonly interceptors: readonly object[];
  /** Returns an interception that has these interceptors around those of another. */
  around(inner: Interception): Interception;
  /**
   * Told the options of each session that is about to start, before {@link outgoing} is called.
   * Interceptions around this one pass it on.
   */
  starting?(options: object): void;
  /**
   * Told of each capability, and each promise in a message, that fails under a healthy session:
   * `"in"` for one of the peer's, `"out"` for one of this side's. It mustn't throw.
   */
  broken?(direction: "in" | "out"): void;
  /**
   * Returns the requests of a session that pass the interceptors: an `Outgoing`, or `undefined` if
   * no interceptor handles any.
   */
  outgoing(session: object, transport: Transport, options: object): object | undefined;
  /**
   * Returns the interceptors around the operations that a session's peer asks for: a `Serving`, or
   * `undefined` if no interceptor handles any.
   */
  serving(session: object): object | undefined;
}
