import { disposeValue } from "./dispose-value.ts";
import { iteratorOf, type LiveSource } from "./live-source.ts";

/** A value that changes, as {@link useLive} returns it. */
export interface Live<T> {
  /**
   * `"connecting"` until the first value; `"live"`; `"ended"` if the source has ended; `"failed"`.
   */
  readonly status: "connecting" | "live" | "ended" | "failed";
  /** The latest value; `undefined` before the first. The hook disposes of it after the next. */
  readonly value: T | undefined;
  /** The reason of `"failed"`. */
  readonly error: unknown;
}

/** The state before the first value. */
export const CONNECTING: Live<never> = { status: "connecting", value: undefined, error: undefined };

/** Reads a source of values while something listens, and keeps the latest one. */
export class LiveEntry<T> {
  readonly #onUnused: () => void;
  readonly #listeners = new Set<() => void>();
  #state: Live<T> = CONNECTING;
  #stop: (() => void) | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param onUnused called when nothing listens any more */
  constructor(onUnused: () => void) {
    this.#onUnused = onUnused;
  }

  get state(): Live<T> {
    return this.#state;
  }

  /**
   * Listens for values. The first listener opens the source.
   *
   * @returns a function that stops
   */
  subscribe(open: (signal: AbortSignal) => LiveSource<T>, listener: () => void): () => void {
    this.#listeners.add(listener);
    clearTimeout(this.#timer);
    this.#stop ??= this.#start(open);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      // StrictMode unmounts a component only to mount it again at once.
      this.#timer = setTimeout(() => this.#end(), 0);
    };
  }

  #end(): void {
    this.#stop?.();
    this.#stop = undefined;
    this.#onUnused();
    disposeValue(this.#state.value);
    this.#state = CONNECTING;
  }

  #start(open: (signal: AbortSignal) => LiveSource<T>): () => void {
    const controller = new AbortController();
    void this.#read(open, controller.signal);
    return () => controller.abort();
  }

  async #read(open: (signal: AbortSignal) => LiveSource<T>, signal: AbortSignal): Promise<void> {
    try {
      const iterator = iteratorOf<T>(await open(signal));
      const cancel = () => void Promise.resolve(iterator.return?.()).catch(() => {});
      if (signal.aborted) {
        cancel();
        return;
      }
      signal.addEventListener("abort", cancel, { once: true });
      for (;;) {
        const { done, value } = await iterator.next();
        if (signal.aborted) {
          if (!done) disposeValue(value);
          return;
        }
        if (done) break;
        const before = this.#state.value;
        this.#tell({ status: "live", value, error: undefined });
        // Components still show it until React has rendered the new one, in this turn.
        if (before !== value) setTimeout(() => disposeValue(before), 0);
      }
      this.#tell({ ...this.#state, status: "ended" });
    } catch (error) {
      if (!signal.aborted) this.#tell({ ...this.#state, status: "failed", error });
    }
  }

  #tell(state: Live<T>): void {
    this.#state = state;
    for (const listener of [...this.#listeners]) listener();
  }
}
