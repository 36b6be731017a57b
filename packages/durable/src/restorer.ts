import { RpcStub } from "@capnweb/core";
import { isByReference } from "@capnweb/wire/internal";
import { untilAborted, withDeadline } from "./deadline.ts";
import { type RestoreContext, restore, shareKey } from "./durable-class.ts";
import { RestoreBusyError, RestoreError } from "./errors.ts";
import { Limiter } from "./limiter.ts";
import type { InnerRestorable, Restorable } from "./params.ts";
import { SharedObjects } from "./shared-objects.ts";

/** The context of a restore, except its signal. */
export type RestoreFacts = Omit<RestoreContext<any>, "signal">;

/** An object that was recreated. */
export interface Restored {
  /** The caller disposes of it. */
  readonly stub: RpcStub<any>;
  /** True if others may have stubs of the same object: by their tokens, or from the class. */
  readonly isShared: boolean;
}

/** Recreates objects: a bounded number at once, and each shared one once. */
export class Restorer {
  readonly #limiter: Limiter;
  readonly #shared = new SharedObjects();
  readonly #timeout: number;

  /**
   * @param maxRestores the most calls of {@link restore} that run at once
   * @param maxWaiting the most that wait
   * @param timeout milliseconds that an object may take, with those in its params and its waiting
   */
  constructor(maxRestores: number, maxWaiting: number, timeout: number) {
    this.#timeout = timeout;
    this.#limiter = new Limiter(
      maxRestores,
      maxWaiting,
      () =>
        new RestoreBusyError(
          `${maxRestores} objects are being restored, and ${maxWaiting} wait. ` +
            "Raise maxRestores or maxWaitingRestores, or make [restore] faster.",
        ),
    );
  }

  /**
   * Recreates an object, after those in its params.
   *
   * @throws RestoreError, RestoreBusyError
   */
  async restore(object: Restorable, facts: RestoreFacts): Promise<Restored> {
    const key = shareKeyOf(object, facts);
    if (key === undefined) return await this.#make(object, facts);
    let isMade = false;
    const make = async () => {
      isMade = true;
      return (await this.#make(object, facts)).stub;
    };
    try {
      const stub = this.#shared.find(key) ?? (await this.#shared.obtain(key, make));
      return { stub, isShared: true };
    } finally {
      // Another one's object is used, or is awaited in vain.
      if (!isMade) disposeInner(object);
    }
  }

  #make(object: Restorable, facts: RestoreFacts): Promise<Restored> {
    const late = () =>
      new RestoreError(
        `The restore of the class "${object.name}" took more than ${this.#timeout} ms, ` +
          "the option restoreTimeout.",
      );
    return withDeadline(this.#timeout, late, (signal) => this.#run(object, facts, signal), drop);
  }

  async #run(object: Restorable, facts: RestoreFacts, signal: AbortSignal): Promise<Restored> {
    try {
      // Without a place of the limiter: objects that wait for others could block those.
      await this.#restoreInner(object.inner, facts);
      return await this.#limiter.run(() => {
        signal.throwIfAborted();
        // A class that never answers must not keep its place.
        return untilAborted(signal, callRestore(object, { ...facts, signal }), drop);
      }, partyOf(facts));
    } catch (error) {
      disposeInner(object);
      throw error;
    }
  }

  async #restoreInner(inner: readonly InnerRestorable[], facts: RestoreFacts): Promise<void> {
    const outcomes = await Promise.allSettled(
      inner.map(async (each) => {
        const { stub } = await this.restore(each, facts);
        each.place.settle(stub);
      }),
    );
    for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
  }
}

/** The one whom a restore is for. The restores of different ones are served in turn. */
function partyOf({ owner, identity, audience }: RestoreFacts): unknown {
  return owner ?? identity ?? audience;
}

function drop({ stub }: Pick<Restored, "stub">): void {
  stub[Symbol.dispose]();
}

/** Disposes of the objects in the params of one that isn't made. */
function disposeInner({ inner }: Restorable): void {
  for (const { place } of inner) drop(place);
}

/** @throws RestoreError if the class's own code throws */
function shareKeyOf(object: Restorable, facts: RestoreFacts): string | undefined {
  const { name, class: durable, params } = object;
  try {
    const key = durable[shareKey]?.(params, { ...facts, signal: new AbortController().signal });
    return key === undefined ? undefined : JSON.stringify([name, key]);
  } catch (error) {
    disposeInner(object);
    throw new RestoreError(`[shareKey] of the class "${name}" failed: ${textOf(error)}`, error);
  }
}

async function callRestore(
  { name, class: durable, params }: Restorable,
  context: RestoreContext<any>,
): Promise<Restored> {
  let result: unknown;
  try {
    result = await durable[restore](params, context);
  } catch (error) {
    throw new RestoreError(`[restore] of the class "${name}" failed: ${textOf(error)}`, error);
  }
  if (result instanceof RpcStub) return { stub: result as RpcStub<any>, isShared: true };
  const isTarget = typeof result === "object" && result !== null && isByReference(result);
  if (isTarget || typeof result === "function") {
    return { stub: new RpcStub<any>(result), isShared: false };
  }
  throw new RestoreError(`[restore] of the class "${name}" returned no target.`);
}

/** The text of anything that an application may throw. */
function textOf(error: unknown): string {
  try {
    return String(error);
  } catch {
    return "an error without a text";
  }
}
