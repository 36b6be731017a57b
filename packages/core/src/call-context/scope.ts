import { Budget } from "../budget.ts";
import type { Cancelable } from "./abort-watch.ts";
import type { CallSession } from "./call-context.ts";
import type { Carried } from "./carried.ts";
import { deadlinesFor, type Timed } from "./deadlines.ts";

/**
 * Calls that are cancelled together: those that a method makes, or a call with options. The scope
 * tells its members of its end. It is also the account of its calls: they travel with its context,
 * and their work isn't counted, because no message asked for it.
 */
export abstract class CallScope extends Budget implements Cancelable, Timed {
  place = -1;
  abstract readonly deadline: number;
  /** The scope that this one ends with. */
  protected outer: CallScope | undefined;
  /** The reason of the cancellation, once there is one. */
  #failure: { readonly reason: unknown } | undefined;
  /** True if nothing is left to be cancelled. */
  #isOver = false;
  #members: Set<Cancelable> | undefined;
  /** The session whose timer waits for the deadline, if sessions have timers of their own. */
  #timer: object | undefined;
  #ofCalls: Budget | undefined;
  // Work of a scope isn't counted.
  override left = Infinity;

  constructor(carried: Carried | undefined, outer: CallScope | undefined) {
    super(undefined, 0);
    this.carried = carried;
    this.outer = outer;
  }

  /**
   * A view of the scope, because the scope itself is the account of the one method that it belongs
   * to.
   */
  get ofCalls(): Budget {
    this.#ofCalls ??= this.at(0);
    return this.#ofCalls;
  }

  /**
   * True if calls must leave in a form that lets this side cancel them, because a deadline or a
   * signal may do so. At a peer that knows the extension, other calls can be cancelled as well.
   */
  get isCancelable(): boolean {
    const hasDeadline = (this.carried?.deadline ?? Infinity) < Infinity;
    return hasDeadline || this.outer?.isCancelable === true;
  }

  /** Notes that a result of a call of `session` is asked for. */
  awaited(_session: object | undefined): void {}

  /** The session whose peer asked for the calls, as applications see it. */
  get session(): CallSession | undefined {
    return this.outer?.session;
  }

  /** The object that stands for everything that the scope's calls are made for. */
  get request(): object {
    return this.outer?.request ?? this;
  }

  /** The reason why calls of the scope can't be made any more. */
  get failure(): { readonly reason: unknown } | undefined {
    return this.#failure ?? this.outer?.failure;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Makes `member` fail if the scope is cancelled. */
  add(member: Cancelable): void {
    if (!this.#members && !this.#isOver) {
      this.#members = new Set();
      this.watch();
    }
    // Watching may have shown that the scope is over.
    if (this.#failure) member.fail(this.#failure.reason);
    else this.#members?.add(member);
  }

  /** Notes that `member` is over. Idempotent. */
  remove(member: Cancelable): void {
    if (this.#members?.delete(member) && this.#members.size === 0) this.emptied();
  }

  /** Cancels the scope and its members. */
  fail(reason: unknown): void {
    if (this.#isOver) return;
    this.#failure = { reason };
    this.#finish();
    this.cancelled(reason);
    const members = this.#members;
    this.#members = undefined;
    for (const member of members ?? []) member.fail(reason);
  }

  /**
   * Notes that the call is over. The work that it set off goes on, without its deadline.
   * Idempotent.
   */
  end(): void {
    if (this.#isOver) return;
    this.#finish();
    this.#members = undefined;
    this.carried = this.carried?.lasting();
  }

  #finish(): void {
    this.#isOver = true;
    this.unwatch();
    // A loop of calls, each made by the one before, must not keep all of them.
    this.outer = undefined;
    if (this.place >= 0) deadlinesFor(this.#timer).remove(this);
  }

  abstract expire(): void;

  /** Begins to wait for its deadline, if it has one. */
  protected waitFor(deadline: number, session: object | undefined): void {
    if (deadline === Infinity || this.#isOver || this.place >= 0) return;
    this.#timer = session;
    deadlinesFor(session).add(this);
  }

  /** Begins to watch the events that can cancel the scope. */
  protected watch(): void {
    this.outer?.add(this);
  }

  protected unwatch(): void {
    this.outer?.remove(this);
  }

  /** Called before the members are cancelled. */
  protected cancelled(_reason: unknown): void {}

  /** Called when the last member is over. */
  protected emptied(): void {}
}
