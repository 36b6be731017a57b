import { DEFAULT_MAX_DEPTH, DepthError } from "@capnweb/wire";
import { type Budget, STEPS } from "../budget.ts";
import { isTurnOver, turnForWork } from "../turns/turns.ts";
import type { StubHook } from "./hook.ts";
import type { Payload, PendingPart } from "./payload.ts";

/** Payloads that are being filled in, each with the value of a promise in the one before. */
export interface Filling {
  readonly payload: Payload;
  readonly within: Filling | undefined;
  /** Of all of them together. */
  readonly budget: Budget;
}

/** Whether there may be capabilities in a value, or a value that its owner may change. */
export function isContainer(value: unknown): boolean {
  return typeof value === "function" || (typeof value === "object" && value !== null);
}

/**
 * Fills in the promises in a payload's value: those that are there at once.
 *
 * @returns a promise for the rest, if there is any
 * @throws as {@link Payload.fillIn} does
 */
export function fillParts(filling: Filling): Promise<void> | undefined {
  const { payload } = filling;
  const waiting: Promise<void>[] = [];
  for (const part of payload.pending) {
    let source: StubHook | undefined;
    try {
      // Throws if asking for the part before ended the session.
      source = part.path.length === 0 ? part.hook : part.hook.get(part.path);
      const resolved = source.peek();
      const filled = resolved
        ? put(part, source, resolved, filling)
        : awaitPart(part, source, filling);
      if (filled) waiting.push(filled);
    } catch (error) {
      source?.dispose();
      // The outcomes of the others have no use any more, nor have their failures.
      for (const each of waiting) each.catch(() => {});
      throw error;
    }
  }
  if (waiting.length > 0) return Promise.all(waiting).then(() => payload.filled());
  payload.filled();
}

async function awaitPart(part: PendingPart, source: StubHook, filling: Filling): Promise<void> {
  try {
    const resolved = await new Promise<Payload>((resolve, reject) =>
      source.pull({ resolve, reject }),
    );
    // Many may wait for the same value, and each gets a copy.
    if (isTurnOver()) await turnForWork();
    await put(part, source, resolved, filling);
  } catch (error) {
    source.dispose();
    throw error;
  }
}

/** Puts a copy of `resolved`, complete, in a part's place. Takes over the hooks. */
function put(
  { parent, key, hook }: PendingPart,
  source: StubHook,
  resolved: Payload,
  within: Filling,
): Promise<void> | undefined {
  const { budget, payload } = within;
  budget.requireOpen();
  if (within.within) budget.spend(STEPS.promiseFound);
  if (!isContainer(resolved.value)) {
    (parent as Record<PropertyKey, unknown>)[key] = resolved.value;
    source.dispose();
    hook.dispose();
    return;
  }
  requireAcyclic(resolved, within);
  resolved.own();
  const copy = resolved.copy(budget);
  payload.adopt(copy);
  const place = () => {
    // Where an application awaits the object, `await` would call a function.
    if (key === "then" && typeof copy.value === "function") Reflect.deleteProperty(parent, key);
    else (parent as Record<PropertyKey, unknown>)[key] = copy.value;
    // Found here if the value is handed on, as any reference of this payload's own.
    for (const reference of copy.references) payload.adopt(reference);
    source.dispose();
    hook.dispose();
  };
  const filling = copy.fillIn({ payload: resolved, within, budget });
  if (filling) return filling.then(place);
  place();
}

/** @throws TypeError, DepthError for a value that is a part of itself, or is 256 deep in others */
function requireAcyclic(resolved: Payload, within: Filling): void {
  let depth = 0;
  for (let outer: Filling | undefined = within; outer; outer = outer.within) {
    if (outer.payload === resolved) throw new TypeError("A promise can't be a part of itself.");
    if (++depth > DEFAULT_MAX_DEPTH) throw new DepthError();
  }
}
