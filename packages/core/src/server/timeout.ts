/** Cancels a timeout. Idempotent. */
export type CancelTimeout = () => void;

/** The longest delay of a timer. Runtimes replace a longer one with 1 ms. */
const LONGEST_DELAY = 2 ** 31 - 1;

/**
 * Does what `setTimeout` does, with a delay that an option sets. `undefined`, `Infinity` and delays
 * that timers can't keep mean never. The timer doesn't keep a process of Node running.
 *
 * @param delay milliseconds
 */
export function setOptionalTimeout(callback: () => void, delay: number | undefined): CancelTimeout {
  if (delay === undefined || delay > LONGEST_DELAY) return () => {};
  const timer = setTimeout(callback, delay);
  (timer as { unref?(): void }).unref?.();
  return () => clearTimeout(timer);
}
