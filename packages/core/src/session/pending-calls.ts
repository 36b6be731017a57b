import { type LimitError, type Limits, overLimit } from "@capnweb/wire";
import type { PendingCall } from "../budget.ts";
import { CallTimeoutError } from "../errors.ts";
import { FLAT_BYTES, type HeldBytes } from "./held-bytes.ts";

/** The peer's calls that are under way. */
export class PendingCalls {
  readonly #limits: Limits;
  readonly #held: HeldBytes;
  readonly #exceeded: (error: LimitError) => void;
  readonly #calls = new Set<PendingCall>();
  /** In the order in which they began, with the times at which they fail; where calls have a timeout. */
  readonly #deadlines: Map<PendingCall, number> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param exceeded ends the session */
  constructor(limits: Limits, held: HeldBytes, exceeded: (error: LimitError) => void) {
    this.#limits = limits;
    this.#held = held;
    this.#exceeded = exceeded;
    if (Number.isFinite(limits.callTimeout)) this.#deadlines = new Map();
  }

  /** @throws LimitError for too many; the session is over then */
  began(call: PendingCall): void {
    const { maxPendingCalls, callTimeout } = this.#limits;
    this.#held.add(FLAT_BYTES.pendingCall + call.size);
    this.#calls.add(call);
    if (this.#calls.size > maxPendingCalls) {
      const error = overLimit(
        "maxPendingCalls",
        `More than ${maxPendingCalls} calls of the peer are pending.`,
      );
      this.#exceeded(error);
      throw error;
    }
    this.#deadlines?.set(call, performance.now() + callTimeout);
    this.#timer ??= this.#deadlines && this.#wait(callTimeout);
  }

  ended(call: PendingCall): void {
    if (!this.#calls.delete(call)) return;
    this.#held.remove(FLAT_BYTES.pendingCall + call.size);
    this.#deadlines?.delete(call);
  }

  /** The session is over. */
  clear(): void {
    // The types of Workers refuse the `undefined` that every runtime takes.
    clearTimeout(this.#timer!);
    this.#deadlines?.clear();
  }

  /**
   * Has all calls fail: their methods, or their arguments, may wait for one another's results, and so
   * for ever.
   */
  failAll(failure: { readonly error: unknown }): void {
    for (const call of [...this.#calls]) call.fail(failure.error);
  }

  /** One timer serves all: it looks at the call that began first. */
  #wait(milliseconds: number): ReturnType<typeof setTimeout> {
    return setTimeout(() => this.#expire(), milliseconds);
  }

  #expire(): void {
    this.#timer = undefined;
    const now = performance.now();
    for (const [call, deadline] of this.#deadlines!) {
      if (deadline > now) {
        this.#timer = this.#wait(deadline - now);
        return;
      }
      this.#deadlines!.delete(call);
      call.fail(new CallTimeoutError(this.#limits.callTimeout));
    }
  }
}
