import type { OutgoingCall, RpcPromise } from "@capnweb/core";
import type { RepeatableAttempt } from "@capnweb/core/following";
import { type CallOutcome, type NextCall, type Outcome, watchCall } from "./outcomes.ts";

interface Watched<O extends CallOutcome> {
  readonly outcome: O;
  isOver: boolean;
}

/**
 * The calls that may be made again on another session, because theirs was lost. All attempts of
 * one have one outcome.
 */
export class Attempts<O extends CallOutcome> {
  readonly #calls = new WeakMap<RepeatableAttempt, Watched<O>>();

  /** The outcome of a call of which an attempt has failed; `undefined` at the first attempt. */
  earlier(attempt: RepeatableAttempt | undefined): O | undefined {
    return attempt && this.#calls.get(attempt)?.outcome;
  }

  /**
   * Makes a call, and watches its outcome.
   *
   * @param attempt `undefined` if the call won't be made again
   */
  watch(
    attempt: RepeatableAttempt | undefined,
    call: OutgoingCall,
    next: NextCall,
    outcome: O,
  ): RpcPromise<any> {
    return watchCall(call, next, outcome.added, attempt ? this.#ofAll(attempt, outcome) : outcome);
  }

  /** The outcome of an attempt, which is the call's unless there is another attempt. */
  #ofAll(attempt: RepeatableAttempt, outcome: O): Outcome {
    let watched = this.#calls.get(attempt);
    const isFirst = watched === undefined;
    watched ??= { outcome, isOver: false };
    const own = watched;
    const end = (tell: () => void) => {
      if (own.isOver) return;
      own.isOver = true;
      this.#calls.delete(attempt);
      tell();
    };
    return {
      returned: () => isFirst && outcome.returned?.(),
      succeeded: (value, isSync) => end(() => outcome.succeeded(value, isSync)),
      failed: (error, isSync) => {
        if (isSync || attempt.isOver) end(() => outcome.failed(error, isSync));
        else if (!own.isOver && !this.#calls.has(attempt)) {
          this.#calls.set(attempt, own);
          attempt.onFailed((reason) => end(() => outcome.failed(reason)));
        }
      },
    };
  }
}
