import type { Budget } from "../budget.ts";
import { carriedBy } from "../call-context/accounts.ts";
import type { CallContext } from "../call-context/call-context.ts";
import type { Carried } from "../call-context/carried.ts";
import type { BaseSession } from "../session/base-session.ts";
import type { TravellingContext } from "./interceptor.ts";

const NO_METADATA = Object.freeze({});

/** The context that an operation leaves with, as an interceptor sees it. */
export class SeenContext implements TravellingContext {
  readonly deadline: number | undefined;
  readonly #carried: Carried | undefined;

  constructor(carried: Carried | undefined) {
    this.#carried = carried;
    const deadline = carried?.deadline ?? Infinity;
    // Both clocks are read at one time.
    if (deadline !== Infinity) {
      this.deadline = Date.now() + deadline - performance.now();
    }
  }

  get metadata(): TravellingContext["metadata"] {
    return this.#carried?.metadata ?? NO_METADATA;
  }

  get traceparent(): string | undefined {
    return this.#carried?.traceparent;
  }

  get tracestate(): string | undefined {
    return this.#carried?.tracestate;
  }
}

/** The context of a peer's operation that calls no method: the session's end cancels it. */
export class SeenServedContext extends SeenContext implements CallContext {
  readonly session: BaseSession<any>;
  readonly #account: Budget | undefined;

  constructor(account: Budget | undefined, session: BaseSession<any>) {
    super(carriedBy(account));
    this.session = session;
    this.#account = account;
  }

  get signal(): AbortSignal {
    return this.session.signal;
  }

  get request(): object {
    return this.#account?.root ?? this;
  }
}
