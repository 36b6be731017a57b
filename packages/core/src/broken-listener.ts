import { type ErrorListener, runCallback } from "./report.ts";

/** The number of listeners made so far, which gives each its place in the order. */
let made = 0;

/** Something whose end listeners wait for. */
export interface ListenerPlace {
  /** The listeners that wait. Few places have any. */
  listeners: Set<BrokenListener> | undefined;
}

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

  /** Waits at `place` until the callback was called, or the listener is stopped or moves on. */
  waitAt(place: ListenerPlace): void {
    if (!this.#callback) return;
    place.listeners ??= new Set();
    place.listeners.add(this);
    this.#places.push(place.listeners);
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

/** Calls every listener that waits at a place, in the order of their registration. */
export function callListeners({ listeners }: ListenerPlace, error: () => unknown): void {
  const inOrder = [...(listeners ?? [])].sort((a, b) => a.order - b.order);
  for (const listener of inOrder) listener.call(error());
}
