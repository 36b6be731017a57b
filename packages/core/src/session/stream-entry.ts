import type { StubHook, Unregister } from "../hook.ts";
import { ImportEntry } from "./import-entry.ts";

/**
 * The writing end of one of the peer's streams. It is there at once, as a stub is, but the peer may
 * say later that it has failed, by rejecting it: the only way to tell a writer that has nothing to
 * write, since everything else is the answer to a write.
 */
export class StreamEntry extends ImportEntry {
  readonly #listeners = new Set<(hook: StubHook) => void>();

  override onBroken(callback: (error: unknown) => void): Unregister {
    let stop: Unregister | undefined;
    const moveTo = (hook: StubHook) => {
      stop = hook.onBroken(callback);
    };
    this.#listeners.add(moveTo);
    return () => {
      this.#listeners.delete(moveTo);
      stop?.();
    };
  }

  override settle(outcome: StubHook): void {
    super.settle(outcome);
    for (const moveTo of [...this.#listeners]) moveTo(this.resolution!);
    this.#listeners.clear();
  }
}
