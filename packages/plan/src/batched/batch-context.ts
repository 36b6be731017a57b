import type { CallContext, CallMetadata, CallSession } from "@capnweb/core";

const NO_METADATA: CallMetadata = Object.freeze({});

/** The circumstances of the calls of one batch: the second argument of a batched function. */
export interface BatchContext {
  /** Aborts when no call needs its result any more. It is made when it is first read. */
  readonly signal: AbortSignal;
  /**
   * The latest deadline of the calls, in milliseconds on the clock of `Date.now()`; `undefined` if
   * one of them has none.
   */
  readonly deadline: number | undefined;
  /**
   * The metadata of the calls, all of which have the same; `{}` for a batch that callers share.
   */
  readonly metadata: CallMetadata;
  /**
   * The session that the calls came through; `undefined` for calls from this process, and for a
   * batch that callers share.
   */
  readonly session: CallSession | undefined;
  /** The trace of the first call. For tracers. */
  readonly traceparent: string | undefined;
  /** The vendors' part of that trace. */
  readonly tracestate: string | undefined;
}

/** The context of a batch, made of the contexts of its calls. */
export class JoinedContext implements BatchContext {
  readonly metadata: CallMetadata;
  readonly session: CallSession | undefined;
  readonly #calls: (CallContext | undefined)[] = [];
  #controller: AbortController | undefined;
  /** The number of calls that the signal still waits for. */
  #needed = 0;

  /** @param caller the context of any call, unless callers share the batch */
  constructor(caller: CallContext | undefined) {
    this.metadata = caller?.metadata ?? NO_METADATA;
    this.session = caller?.session;
  }

  /** Adds a call. One without a context can't be cancelled. */
  add(call: CallContext | undefined): void {
    this.#calls.push(call);
    if (this.#controller) this.#watch(call, this.#controller);
  }

  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      // Until all calls are watched, some are needed.
      this.#needed = 1;
      for (const call of this.#calls) this.#watch(call, this.#controller);
      this.#needed--;
      const [first] = this.#calls;
      if (this.#needed === 0) this.#controller.abort(first?.signal.reason);
    }
    return this.#controller.signal;
  }

  /** True if the function was told that the results aren't needed. */
  get isAborted(): boolean {
    return this.#controller?.signal.aborted === true;
  }

  get deadline(): number | undefined {
    let latest = Number.NEGATIVE_INFINITY;
    for (const call of this.#calls) {
      if (call?.deadline === undefined) return undefined;
      latest = Math.max(latest, call.deadline);
    }
    return latest;
  }

  get traceparent(): string | undefined {
    return this.#calls[0]?.traceparent;
  }

  get tracestate(): string | undefined {
    return this.#calls[0]?.tracestate;
  }

  #watch(call: CallContext | undefined, controller: AbortController): void {
    this.#needed++;
    const gaveUp = () => {
      this.#needed--;
      if (this.#needed === 0) controller.abort(call?.signal.reason);
    };
    if (call?.signal.aborted) gaveUp();
    else call?.signal.addEventListener("abort", gaveUp, { once: true });
  }
}
