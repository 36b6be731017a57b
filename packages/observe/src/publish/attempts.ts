import type { AddedContext, OutgoingCall, RpcPromise } from "@capnweb/core";
import { currentAttempt, type RepeatableAttempt } from "@capnweb/core/following";
import { type NextCall, type Outcome, watchCall } from "./outcomes.ts";

interface Watched<O extends Outcome> {
  readonly outcome: O;
  isOver: boolean;
}

/**
 * The calls that may be made again on another session, because theirs was lost. All attempts of
 * one have one outcome.
 */
export class Attempts<O extends Outcome> {
  readonly #calls = new WeakMap<RepeatableAttempt, Watched<O>>();

  /** The outcome of the call of which this is a further attempt. */
  get earlier(): O | undefined {
    const attempt = currentAttempt();
    return attempt && this.#calls.get(attempt)?.outcome;
  }

  /** Makes an attempt of a call, and watches the call's outcome. */
  watch(
    call: OutgoingCall,
    next: NextCall,
    added: AddedContext | undefined,
    outcome: O,
  ): RpcPromise<any> {
    const attempt = currentAttempt();
    return watchCall(call, next, added, attempt ? this.#ofAll(attempt, outcome) : outcome);
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
      succeeded: (isAsync, value) => end(() => outcome.succeeded(isAsync, value)),
      failed: (error, isAsync) => {
        if (!isAsync || attempt.isOver) end(() => outcome.failed(error, isAsync));
        else if (!own.isOver && !this.#calls.has(attempt)) {
          this.#calls.set(attempt, own);
          attempt.onFailed((reason) => end(() => outcome.failed(reason, true)));
        }
      },
    };
  }
}
