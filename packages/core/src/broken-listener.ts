import { type ErrorListener, runCallback } from "./report.ts";

/** The number of listeners made so far, which gives each its place in the order. */
let made = 0;

/**
 * A registration with `onRpcBroken`. It moves along when the promise that it was made on turns into
 * something else, and keeps its place in the order of all registrations.
 */
export class BrokenListener {
  readonly order = made++;
  #callback: ((error: unknown) => void) | undefined;
  readonly #places: Set<BrokenListener>[] = [];
  #onError: ErrorListener | undefined;

  constructor(callback: (error: unknown) => void) {
    this.#callback = callback;
  }

  /** Makes a failure of the callback go to the session that the listener waits for. */
  reportTo(onError: ErrorListener | undefined): void {
    this.#onError = onError;
  }

  /** Waits in `place` until the callback was called, or the listener is stopped or moves on. */
  waitIn(place: Set<BrokenListener>): void {
    if (!this.#callback) return;
    place.add(this);
    this.#places.push(place);
  }

  /**
   * Leaves `place`.
   *
   * @returns false if it wasn't there, because it was called or stopped
   */
  leave(place: Set<BrokenListener> | undefined): boolean {
    return place?.delete(this) ?? false;
  }

  /** Calls the callback, unless it was called before or the listener was stopped. */
  call(error: unknown): void {
    const callback = this.#callback;
    this.stop();
    if (callback) runCallback("onRpcBroken", () => callback(error), this.#onError);
  }

  /** Stops the listener. Idempotent. */
  stop(): void {
    this.#callback = undefined;
    for (const place of this.#places.splice(0)) place.delete(this);
  }
}

/** Unregisters a callback. Idempotent. */
export type StopListening = (() => void) & Disposable;

/** The function with which an application stops `listener`. */
export function stopOf(listener: BrokenListener): StopListening {
  const stop = () => listener.stop();
  return Object.assign(stop, { [Symbol.dispose]: stop });
}

/** Calls every listener that waits in one of these places, in the order of their registration. */
export function callListeners(place: Iterable<BrokenListener>, error: () => unknown): void {
  const inOrder = [...place].sort((a, b) => a.order - b.order);
  for (const listener of inOrder) listener.call(error());
}
