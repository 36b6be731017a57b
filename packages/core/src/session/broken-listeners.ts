import type { Unregister } from "../hook.ts";
import { runGuarded } from "../run-guarded.ts";

type Listener = (error: unknown) => void;

/** Who wants to hear of a session's end, in the order in which they asked. */
export class BrokenListeners {
  #listeners = new Map<symbol, Listener>();

  add(listener: Listener): Unregister {
    // A key of its own for each registration: one function may register several times.
    const key = Symbol();
    const listeners = this.#listeners;
    listeners.set(key, listener);
    return () => {
      listeners.delete(key);
    };
  }

  /** Notifies everybody, once. */
  notify(error: unknown): void {
    const listeners = this.#listeners;
    this.#listeners = new Map();
    for (const listener of listeners.values()) runGuarded(() => listener(error));
  }
}
