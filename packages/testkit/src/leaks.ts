import { CodedError } from "@capnweb/wire/coded";
import type { Session } from "./implementation.ts";
import { turns } from "./turns.ts";

/** Sessions hold references that should have been released. */
export class LeakError extends CodedError {
  /** The same for every error of this class. */
  get code(): "LEAK" {
    return "LEAK";
  }
}

/** Options of {@link assertNoLeaks}. */
export interface LeakOptions {
  /**
   * The number of imports and exports of each session. Default 1, for the main objects; 0 fits a
   * session that has ended.
   */
  readonly expected?: number | undefined;
  /** Milliseconds within which releases have to arrive. Default 1000. */
  readonly within?: number | undefined;
}

/**
 * Waits until sessions hold nothing but their main objects.
 *
 * @throws LeakError if they still hold more when the time is over; its message gives the numbers
 *
 * @example
 * ```ts
 * counter[Symbol.dispose]();
 * await assertNoLeaks([clientSession, serverSession]);
 * ```
 */
export async function assertNoLeaks(
  sessions: readonly Pick<Session, "getStats">[],
  { expected = 1, within = 1000 }: LeakOptions = {},
): Promise<void> {
  const deadline = performance.now() + within;
  for (;;) {
    const stats = sessions.map((session) => session.getStats());
    if (stats.every(({ imports, exports }) => imports === expected && exports === expected)) return;
    if (performance.now() >= deadline) {
      throw new LeakError(
        `Expected ${expected} imports and exports in every session, got ` +
          `${stats.map(({ imports, exports }) => `${imports} and ${exports}`).join("; ")}.`,
      );
    }
    await turns(1);
  }
}
