import { Scheduler } from "./scheduler.ts";

/** Runs `callback` after input and timers have had their turn. */
function afterInput(callback: () => void): void {
  const { setImmediate } = globalThis as { setImmediate?: (callback: () => void) => unknown };
  if (setImmediate) setImmediate(callback);
  else setTimeout(callback, 0);
}

/**
 * Whether what one connection sets off may go on in a callback that another one asked for. In
 * workerd, a request's sockets can be used by its own callbacks only.
 */
export const isShared =
  (globalThis as { navigator?: { userAgent?: string } }).navigator?.userAgent !==
  "Cloudflare-Workers";

const shared = new Scheduler(afterInput);

/** The scheduler of a new session: that of the process, where there is one. */
export function schedulerForSession(): Scheduler {
  return isShared ? shared : new Scheduler(afterInput);
}

/**
 * Milliseconds that streams may write in one turn of the event loop, and promises may be settled.
 */
const TURN_BUDGET = 10;

/** Whether this turn has lasted so long that work which can wait should wait. */
export function isTurnOver(): boolean {
  // A request of workerd that has ended never says that its turn is over.
  return isShared && shared.isOver(TURN_BUDGET);
}

/** Waits until there is time for work that goes on by microtasks. */
export async function turnForWork(): Promise<void> {
  while (isTurnOver()) await new Promise<void>(afterInput);
}

/** Goes on with work after input and timers have had their turn. */
export function inNextTurn(work: () => void): void {
  afterInput(work);
}

/** Something to wait for between two chunks of a stream, when this turn has lasted too long. */
export function pauseBetweenChunks(): Promise<void> | undefined {
  return shared.pause(TURN_BUDGET);
}
