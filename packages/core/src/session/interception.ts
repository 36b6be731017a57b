import type { Transport } from "../transport.ts";

/**
 * Interceptors, and the code that runs them: only programs that have interceptors contain it. Made
 * by `intercept()`.
 */
export interface Interception {
  /**
   * The requests of a session, which pass the interceptors: an `Outgoing`, or `undefined` where no
   * interceptor sees any.
   */
  outgoing(session: object, transport: Transport, options: object): object | undefined;
  /**
   * The interceptors around the operations that a session's peer asks for: a `Serving`, or
   * `undefined` where no interceptor sees any.
   */
  serving(session: object): object | undefined;
}
