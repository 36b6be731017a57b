import { ConnectionLostError, OfflineError } from "@capnweb/reconnect";

/** The course of an upload or download. */
export interface Transfer {
  /** Ends the transfer at both ends. */
  readonly signal: AbortSignal;
  /** Called with the bytes that have arrived, and those of the whole file. */
  onProgress(done: number, size: number): void;
}

/**
 * Makes attempts until one isn't cut by the loss of the connection. The connection comes back by
 * itself: the first call of the next attempt waits for it.
 *
 * @param attempt goes on after the bytes that have arrived
 */
export async function untilDone<T>(signal: AbortSignal, attempt: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof ConnectionLostError || error instanceof OfflineError) continue;
      throw error;
    }
  }
}
