import { Scheduler, TURN_BUDGET } from "./scheduler.ts";

/** Runs `callback` after input and timers have had their turn. */
export function afterInput(callback: () => void): void {
  const { setImmediate } = globalThis as { setImmediate?: (callback: () => void) => unknown };
  if (setImmediate) setImmediate(callback);
  else setTimeout(callback, 0);
}

/**
 * True if work set off by one connection may continue in a callback of another one. In workerd,
 * only a request's own callbacks can use its sockets.
 */
export const isShared =
  (globalThis as { navigator?: { userAgent?: string } }).navigator?.userAgent !==
  "Cloudflare-Workers";

/**
 * True if {@link afterInput} waits for nothing else. A timer may take milliseconds, and in workerd
 * a request that has ended waits for ever.
 */
export const hasAfterInput = isShared && "setImmediate" in globalThis;

const shared = new Scheduler(afterInput);

/** The scheduler of a new session: the process's, if there is one. */
export function schedulerForSession(): Scheduler {
  return isShared ? shared : new Scheduler(afterInput);
}

/** True if this turn has lasted so long that work which can wait should wait. */
export function isTurnOver(): boolean {
  // A request of workerd that has ended never reports the end of its turn.
  return isShared && shared.isOver(TURN_BUDGET);
}

/** Waits until there is time for work that continues by microtasks. */
export async function turnForWork(): Promise<void> {
  while (isTurnOver()) await new Promise<void>(afterInput);
}

/** A promise to await between two chunks of a stream, if this turn has lasted too long. */
export function pauseBetweenChunks(): Promise<void> | undefined {
  return shared.pause(TURN_BUDGET);
}
