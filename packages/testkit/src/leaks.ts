import type { Session } from "./implementation.ts";
import { turns } from "./turns.ts";

/** Sessions hold references that nobody uses any more. */
export class LeakError extends Error {
  get code(): "LEAK" {
    return "LEAK";
  }
}

/** What {@link assertNoLeaks} expects. */
export interface LeakOptions {
  /** Imports and exports of each session. Default 1: the main objects; 0 after a session's end. */
  readonly expected?: number | undefined;
  /** Milliseconds that releases may take to arrive. Default 1000. */
  readonly within?: number | undefined;
}

/**
 * Waits until sessions hold nothing but their main objects.
 *
 * @throws LeakError if they hold more when the time is over; it says what
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
