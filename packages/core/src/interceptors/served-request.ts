import type { Budget } from "../budget.ts";
import { beginScopedWork, takeTie } from "../contexts/scoped-result.ts";
import { PendingResult } from "../local/pending-result.ts";
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
      result = this.passAsCall();
    } catch (error) {
      this.finish();
      return new ErrorHook(error);
    }
    if (isThenable(result)) return this.later(result);
    const tie = typeof result === "function" ? takeTie() : undefined;
    const hook = this.take(result);
    tie?.(hook);
    return hook;
  }

  /** @throws LimitError for too many pending operations */
  protected later(result: PromiseLike<unknown>): StubHook {
    if (!this.hasBegun) this.wait();
    const taker = {
      take: (value: unknown) => this.take(value),
      fail: (error: unknown) => {
        this.finish();
        return new ErrorHook(error);
      },
    };
    let begun: Deferred;
    try {
      const { budget } = this;
      const size = this.size();
      begun =
        beginScopedWork(budget, size, this) ??
        new PendingResult(budget.owner!, size, this).begin(budget);
    } catch (error) {
      this.giveUp();
      hookOfAwaited(result, taker).dispose();
      throw error;
    }
    return hookOfAwaited(result, taker, begun);
  }

  protected take(result: unknown): StubHook {
    try {
      return this.hookOf(result);
    } catch (error) {
      return new ErrorHook(error);
    } finally {
      this.finish();
    }
  }

  protected finish(): void {
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
