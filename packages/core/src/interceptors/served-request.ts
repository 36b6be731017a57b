import type { Budget } from "../budget.ts";
import { beginPending } from "../local/deliver.ts";
import { ErrorHook, type StubHook } from "../model/hook.ts";
import { sizeOfPart } from "../model/waiting-size.ts";
import { hookOfAwaited, isThenable } from "../promise/awaited.ts";
import type { Deferred } from "../promise/deferred.ts";
import { ServedOperation } from "./served-operation.ts";

/** An operation whose result is a reference, other than a call. */
export abstract class ServedRequest extends ServedOperation {
  protected abstract readonly budget: Budget;

  protected get account(): Budget {
    return this.budget;
  }

  serve(): StubHook {
    let result: unknown;
    try {
      result = this.pass();
    } catch (error) {
      this.#end();
      return new ErrorHook(error);
    }
    return isThenable(result) ? this.#await(result) : this.#take(result);
  }

  /** @throws LimitError for too many pending operations */
  #await(result: PromiseLike<unknown>): StubHook {
    if (!this.hasBegun) this.wait();
    const taker = {
      take: (value: unknown) => this.#take(value),
      fail: (error: unknown) => {
        this.#end();
        return new ErrorHook(error);
      },
    };
    let begun: Deferred;
    try {
      const { budget } = this;
      begun = beginPending(budget, budget.owner!, this.size(), this);
    } catch (error) {
      this.giveUp();
      hookOfAwaited(result, taker).dispose();
      throw error;
    }
    return hookOfAwaited(result, taker, begun);
  }

  #take(result: unknown): StubHook {
    try {
      return this.hookOf(result);
    } catch (error) {
      return new ErrorHook(error);
    } finally {
      this.#end();
    }
  }

  #end(): void {
    this.giveUp();
    this.end();
  }

  /** The approximate bytes that the operation holds for the peer while it waits. */
  protected size(): number {
    return sizeOfPart(this.budget, this.path);
  }

  /** Prepares for a time during which the peer may give up the operation's object. */
  protected wait(): void {}

  /** Makes the hook of an interceptor's result. */
  protected abstract hookOf(result: unknown): StubHook;

  /** Gives up everything that was held meanwhile. Idempotent. */
  protected abstract end(): void;
}
