import { Failed } from "../values/failed.ts";
import { measure } from "../values/measure.ts";
import { FAILURE_BYTES } from "../values/sizes.ts";
import { Unfinished } from "../values/work.ts";
import type { Account } from "./account.ts";
import { disposeOf, disposeOfAll } from "./dispose.ts";
import { Pending } from "./pending.ts";

/** The calls of a plan, and the results that it must dispose of. */
export class CallsUnderWay {
  readonly #account: Account;
  readonly #pending = new Set<Pending>();
  readonly #owned: unknown[] = [];

  constructor(account: Account) {
    this.#account = account;
  }

  /**
   * Makes a call.
   *
   * @param make makes it, and returns the promise of its result
   * @throws the error of a call that can't be made, or a LimitError
   */
  make(step: number | undefined, make: () => PromiseLike<unknown>): Pending {
    const { session, limits } = this.#account;
    if (session.calls >= limits.maxCalls) this.#account.exceed("maxCalls");
    const promise = make();
    session.calls++;
    const call = new Pending(promise, step, this.#take);
    this.#pending.add(call);
    return call;
  }

  /** Waits for all calls. */
  async settled(): Promise<void> {
    for (const call of this.#pending) await call.done;
  }

  /** Cancels the calls, and disposes of the results. */
  end(): void {
    for (const call of this.#pending) {
      this.#account.session.calls--;
      disposeOf(call.promise);
    }
    this.#pending.clear();
    disposeOfAll(this.#owned.splice(0), this.#account.session);
  }

  /** Takes over the outcome of a call. A promise of it never rejects. */
  readonly #take = (call: Pending, outcome: unknown): unknown => {
    try {
      const measured = measure(outcome instanceof Failed ? outcome.error : outcome, this.#account);
      if (measured instanceof Unfinished) return this.#takeLarge(call, outcome, measured);
      return this.#own(call, outcome, measured);
    } catch (error) {
      // Too large a value has stopped the run. Too deep a one fails the step.
      return this.#giveUp(call, outcome, error);
    }
  };

  async #takeLarge(
    call: Pending,
    outcome: unknown,
    measured: Unfinished<boolean>,
  ): Promise<unknown> {
    try {
      return this.#own(call, outcome, await this.#account.finish(measured));
    } catch (error) {
      return this.#giveUp(call, outcome, error);
    }
  }

  #own(call: Pending, outcome: unknown, hasReferences: boolean): unknown {
    // A plan that was stopped has given the call up.
    if (!this.#end(call)) return this.#giveUp(call, outcome);
    // Most results hold nothing, and keeping thousands of their promises costs more than a call.
    if (!hasReferences || outcome instanceof Failed) disposeOf(call.promise);
    else this.#owned.push(call.promise, outcome);
    if (outcome instanceof Failed) this.#account.hold(FAILURE_BYTES);
    return outcome;
  }

  #giveUp(call: Pending, outcome: unknown, error?: unknown): Failed {
    this.#end(call);
    disposeOf(outcome);
    disposeOf(call.promise);
    return new Failed(error, undefined);
  }

  /** Notes the end of a call. Returns false if it was given up before. */
  #end(call: Pending): boolean {
    const isPending = this.#pending.delete(call);
    if (isPending) this.#account.session.calls--;
    return isPending;
  }
}
