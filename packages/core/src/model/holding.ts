import { REFERENCE_STEPS } from "../call-context/counts.ts";
import { StubHook } from "./hook.ts";
import type { Disposer, Payload } from "./payload.ts";

/**
 * True if a value refers to something that `isSought`, or to values that do: by its stubs and
 * promises, or by chunks that wait in its streams.
 */
export function holds(value: Payload, isSought: (hook: StubHook) => boolean): boolean {
  return new Search(value, isSought).run();
}

/**
 * True if a value refers to itself. A chunk does that waits in the very stream that it holds.
 *
 * @throws LimitError if the search takes more steps than the message may set off
 */
export function holdsItself(value: Payload): boolean {
  const search = new Search(value, undefined);
  const found = search.run();
  value.budget?.spend(REFERENCE_STEPS * search.size);
  return found;
}

/** Visits the values that a value refers to, each once. */
class Search {
  readonly #value: Payload;
  readonly #isSought: ((hook: StubHook) => boolean) | undefined;
  /** Values that were met and are still to be visited. Most searches meet none. */
  #met: Set<Payload> | undefined;

  /** @param isSought default: recognises the value itself */
  constructor(value: Payload, isSought: ((hook: StubHook) => boolean) | undefined) {
    this.#value = value;
    this.#isSought = isSought;
  }

  get size(): number {
    return this.#met?.size ?? 0;
  }

  run(): boolean {
    // Most values to search for one that holds itself. Above that, it is assumed to.
    const MOST_VALUES = 65_536;
    if (this.#value.isFlat) return false;
    if (this.#look(this.#value)) return true;
    // Iterating over a set includes values that are added meanwhile.
    for (const each of this.#met ?? []) {
      if (this.#met!.size > MOST_VALUES || this.#look(each)) return true;
    }
    return false;
  }

  #look({ pending, references }: Payload): boolean {
    return (
      pending.some(({ hook }) => this.#meetHook(hook)) ||
      references.some((reference) => this.#meet(reference))
    );
  }

  #meet(reference: Disposer): boolean {
    if (reference instanceof StubHook) return this.#meetHook(reference);
    for (const chunk of reference.waiting?.() ?? []) if (this.#meetValue(chunk)) return true;
    return false;
  }

  #meetHook(hook: StubHook): boolean {
    if (this.#isSought?.(hook)) return true;
    const settled = hook.settled();
    if (this.#isSought?.(settled)) return true;
    const { payload } = settled;
    return payload !== undefined && this.#meetValue(payload);
  }

  #meetValue(payload: Payload): boolean {
    if (payload === this.#value) return this.#isSought === undefined;
    if (!payload.isFlat) {
      this.#met ??= new Set();
      this.#met.add(payload);
    }
    return false;
  }
}
