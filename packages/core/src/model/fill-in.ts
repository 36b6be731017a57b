import { DEFAULT_MAX_DEPTH, DepthError } from "@capnweb/wire";
import { isObjectOrFunction } from "@capnweb/wire/internal";
import type { Budget } from "../budget.ts";
import { FOUND_PROMISE_STEPS } from "../call-context/counts.ts";
import { isTurnOver, turnForWork } from "../turns/turns.ts";
import type { FilledBytes } from "./filled-bytes.ts";
import type { Puller, StubHook } from "./hook.ts";
import type { Payload } from "./payload.ts";
import type { PendingPart } from "./pending-part.ts";
import { handleUnread } from "./unread-promises.ts";

/** Payloads that are being filled in, each with the value of a promise in the one before. */
export interface Filling {
  readonly payload: Payload;
  readonly within: Filling | undefined;
  /** The budget of all of them together. */
  readonly budget: Budget;
  /** Counts the values that were filled in; `undefined` if they aren't held for a peer. */
  readonly filled: FilledBytes | undefined;
}

/**
 * Fills in the promises in a payload's value. Those that are there are filled in at once.
 *
 * @returns a promise for the others, if there are any
 * @throws as {@link Payload.fillIn} does
 */
export function fillParts(filling: Filling): Promise<void> | undefined {
  const { payload } = filling;
  let rest: Rest | undefined;
  for (const part of payload.pending) {
    let source: StubHook | undefined;
    try {
      // Throws if asking for the previous part has ended the session.
      source = part.path.length === 0 ? part.hook : part.hook.get(part.path);
      const resolved = source.peek();
      if (!resolved) {
        rest ??= new Rest(payload);
        source.pull(new PartToCome(part, source, filling, rest));
        continue;
      }
      const filled = put(part, source, resolved, filling);
      if (!filled) continue;
      rest ??= new Rest(payload);
      rest.await(filled);
    } catch (error) {
      source?.dispose();
      // The outcomes of the others are no longer needed, nor are their failures.
      rest?.promise.catch(() => {});
      throw error;
    }
  }
  if (rest) return rest.promise;
  payload.filled();
}

/**
 * The parts of a payload that are still to come. One promise for all of them: a promise for each
 * takes 5 % of a `map()`.
 */
class Rest {
  /** Rejects with the first failure. */
  readonly promise: Promise<void>;
  readonly #payload: Payload;
  #resolve!: () => void;
  #fail!: (error: unknown) => void;
  #left = 0;

  constructor(payload: Payload) {
    this.#payload = payload;
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#fail = reject;
    });
  }

  /** Counts one more part to come. */
  add(): void {
    this.#left++;
  }

  /** Notes that a part is in place. */
  came(): void {
    if (--this.#left > 0) return;
    this.#payload.filled();
    this.#resolve();
  }

  fail(error: unknown): void {
    this.#fail(error);
  }

  await(filled: Promise<void>): void {
    this.add();
    filled.then(
      () => this.came(),
      (error: unknown) => this.fail(error),
    );
  }
}

/** Puts the resolution of a promise in the promise's place. */
class PartToCome implements Puller {
  readonly #part: PendingPart;
  readonly #source: StubHook;
  readonly #filling: Filling;
  readonly #rest: Rest;

  constructor(part: PendingPart, source: StubHook, filling: Filling, rest: Rest) {
    this.#part = part;
    this.#source = source;
    this.#filling = filling;
    this.#rest = rest;
    rest.add();
  }

  resolve(resolved: Payload): void {
    // Only after everything that was told earlier has been done.
    queueMicrotask(() => this.#came(resolved));
  }

  reject(error: unknown): void {
    this.#source.dispose();
    this.#rest.fail(error);
  }

  #came(resolved: Payload): void {
    // Many may wait for the same value, and each gets a copy.
    if (!isTurnOver()) this.#put(resolved);
    else {
      // Until then, rejections of native promises in the value would be unhandled.
      handleUnread({ payload: resolved });
      void turnForWork().then(() => this.#put(resolved));
    }
  }

  #put(resolved: Payload): void {
    try {
      const filled = put(this.#part, this.#source, resolved, this.#filling);
      if (filled) this.#rest.await(filled);
      this.#rest.came();
    } catch (error) {
      this.reject(error);
    }
  }
}

/** Puts a complete copy of `resolved` in a part's place. Takes over the hooks. */
function put(
  { parent, key, hook }: PendingPart,
  source: StubHook,
  resolved: Payload,
  within: Filling,
): Promise<void> | undefined {
  const { budget, payload, filled } = within;
  budget.requireOpen();
  if (within.within) budget.spend(FOUND_PROMISE_STEPS);
  if (!isObjectOrFunction(resolved.value)) {
    filled?.add(resolved.value);
    (parent as Record<PropertyKey, unknown>)[key] = resolved.value;
    source.dispose();
    hook.dispose();
    return;
  }
  requireAcyclic(resolved, within);
  resolved.own();
  const copy = resolved.copy(budget);
  payload.adopt(copy);
  filled?.add(copy.value);
  const place = () => {
    // Where an application awaits the object, `await` would call a function.
    if (key === "then" && typeof copy.value === "function") Reflect.deleteProperty(parent, key);
    else (parent as Record<PropertyKey, unknown>)[key] = copy.value;
    // Adopted, so that they are found like this payload's own references if the value is handed on.
    for (const reference of copy.references) payload.adopt(reference);
    source.dispose();
    hook.dispose();
  };
  const inner = copy.fillIn({ payload: resolved, within, budget, filled });
  if (!inner) place();
  return inner?.then(place, (error: unknown) => {
    source.dispose();
    throw error;
  });
}

/** @throws TypeError, DepthError for a value that is a part of itself, or is 256 deep in others */
function requireAcyclic(resolved: Payload, within: Filling): void {
  let depth = 0;
  for (let outer: Filling | undefined = within; outer; outer = outer.within) {
    if (outer.payload === resolved) throw new TypeError("A promise can't be a part of itself.");
    if (++depth > DEFAULT_MAX_DEPTH) throw new DepthError();
  }
}
