import type { BudgetOwner, PendingCall } from "../budget.ts";
import type { StubHook } from "../model/hook.ts";
import { Deferred } from "../promise/deferred.ts";

/** A call that may have to wait: for its arguments, or for interceptors. */
export interface WaitingCall {
  /** Disposes of the arguments, and never begins, unless the method has begun. */
  giveUp(): void;
}

/** The result, still to come, of one of the peer's calls, which is pending until then. */
export class PendingResult extends Deferred implements PendingCall {
  readonly size: number;
  isPending = false;
  before: PendingCall | undefined = undefined;
  after: PendingCall | undefined = undefined;
  deadline = 0;
  protected readonly owner: BudgetOwner;
  readonly #waiting: WaitingCall | undefined;

  /** @param waiting the call, if it has to wait */
  constructor(owner: BudgetOwner, size: number, waiting: WaitingCall | undefined) {
    super();
    this.size = size;
    this.owner = owner;
    this.#waiting = waiting;
  }

  override fail(error: unknown): void {
    this.#waiting?.giveUp();
    super.fail(error);
  }

  protected override resolve(hook: StubHook): void {
    // A settled result calls back before this goes on. Most results are values.
    if (hook.payload) this.ended();
    else hook.whenSettled(() => this.ended());
    super.resolve(hook);
  }

  /** Called when the result is there. */
  protected ended(): void {
    this.owner.callEnded(this);
  }
}
