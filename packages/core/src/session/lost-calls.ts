import type { EndedBy } from "./ending.ts";

/**
 * Decides how the calls of a session fail when it ends, one by one, because a call that never left
 * is another failure than one that may have run. Calls are numbered in the order in which they are
 * made.
 */
export interface LostCalls {
  /**
   * Receives a function that returns the number of the next call. Called once, before the
   * transport starts.
   */
  begin(next: () => number): void;
  /**
   * Called when the session ends.
   *
   * @returns the error of everything that is done with the session from now on
   */
  ended(reason: unknown, by: EndedBy): unknown;
  /** The error of a call that was under way, or `undefined` for that of {@link ended}. */
  failureOf(call: number): unknown;
  /** The error of everything that was under way besides calls: streams, and promises of results. */
  readonly interrupted: unknown;
}

/** The part of a session's options that only a library which follows sessions knows. */
export interface Followed {
  readonly lostCalls?: LostCalls | undefined;
}
