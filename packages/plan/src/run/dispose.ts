import { TURNS } from "./turns.ts";

/** Disposes of a value that a call gave, if it has something to dispose of. Never throws. */
export function disposeOf(value: unknown): void {
  if (value === null || (typeof value !== "object" && typeof value !== "function")) return;
  try {
    (value as Partial<Disposable>)[Symbol.dispose]?.();
  } catch {
    // The disposer of a class of the application. Others must still be disposed of.
  }
}

/** Disposals between two looks at the clock. */
const DISPOSALS_PER_LOOK = 64;

/**
 * Disposes of values, in later turns if there are many: a plan may leave tens of thousands.
 *
 * @param session takes turns with others
 */
export async function disposeOfAll(values: readonly unknown[], session: object): Promise<void> {
  for (let i = 0; i < values.length; i++) {
    if (i % DISPOSALS_PER_LOOK === 0 && TURNS.isOver(performance.now())) await TURNS.next(session);
    disposeOf(values[i]);
  }
}
