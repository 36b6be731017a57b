import type { CountsCalls, PendingCall } from "../budget.ts";
import { PENDING_CALL_BYTES } from "../call-context/counts.ts";
import { type Bounded, endOver } from "../call-context/end-over.ts";
import { CallTimeoutError } from "../errors.ts";
import type { SessionAccount } from "./held-bytes.ts";

/**
 * The peer's calls that are under way, in the order of their beginning. They are linked to one
 * another, because most end soon, and a `Set` takes a quarter of a microsecond to forget one.
 */
export class PendingCalls implements CountsCalls {
  readonly #owner: Bounded;
  readonly #held: SessionAccount;
  #first: PendingCall | undefined;
  #last: PendingCall | undefined;
  #count = 0;
  readonly #hasDeadlines: boolean;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(owner: Bounded, held: SessionAccount) {
    this.#owner = owner;
    this.#held = held;
    this.#hasDeadlines = Number.isFinite(owner.limits.callTimeout);
  }

  /** The number of calls. */
  get count(): number {
    return this.#count;
  }

  /** @throws LimitError for too many bytes; the session is then over */
  began(call: PendingCall): void {
    const { maxPendingCalls, callTimeout } = this.#owner.limits;
    this.#held.add(PENDING_CALL_BYTES + call.size);
    const before = this.#last;
    if (this.#hasDeadlines) call.deadline = performance.now() + callTimeout;
    call.isPending = true;
    call.before = before;
    if (before) before.after = call;
    else this.#first = call;
    this.#last = call;
    if (++this.#count > maxPendingCalls) endOver(this.#owner, "maxPendingCalls");
    if (this.#hasDeadlines) this.#timer ??= this.#wait(callTimeout);
  }

  ended(call: PendingCall): void {
    if (!call.isPending) return;
    const { before, after } = call;
    call.isPending = false;
    call.before = undefined;
    call.after = undefined;
    if (before) before.after = after;
    else this.#first = after;
    if (after) after.before = before;
    else this.#last = before;
    this.#count--;
    this.#held.remove(PENDING_CALL_BYTES + call.size);
  }

  /** Drops everything, because the session is over. */
  clear(): void {
    // The types of Workers refuse the `undefined` that every runtime takes.
    clearTimeout(this.#timer!);
  }

  /**
   * Fails all calls. Their methods, or their arguments, may wait for one another's results, and so
   * for ever.
   */
  failAll(failure: { readonly error: unknown }): void {
    const calls: PendingCall[] = [];
    for (let call = this.#first; call; call = call.after) calls.push(call);
    for (const call of calls) call.fail(failure.error);
  }

  /** Starts the timer. One timer serves all calls: it looks at the call that began first. */
  #wait(milliseconds: number): ReturnType<typeof setTimeout> {
    return setTimeout(() => this.#expire(), milliseconds);
  }

  #expire(): void {
    this.#timer = undefined;
    const now = performance.now();
    for (let call = this.#first; call; call = this.#first) {
      const { deadline } = call;
      if (deadline > now) {
        this.#timer = this.#wait(deadline - now);
        return;
      }
      // A call that is nested deep in others ends a little later, but the next ones don't wait for
      // it.
      this.ended(call);
      call.fail(new CallTimeoutError(this.#owner.limits.callTimeout));
    }
  }
}
