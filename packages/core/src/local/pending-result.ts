import type { BudgetOwner } from "../budget.ts";
import type { StubHook } from "../model/hook.ts";
import { CountedCall } from "../promise/counted-call.ts";

/** A call that may have to wait: for its arguments, or for interceptors. */
export interface WaitingCall {
  /** Disposes of the arguments, and never begins, unless the method has begun. */
  giveUp(): void;
}

/** The result, still to come, of one of the peer's calls, which is pending until then. */
export class PendingResult extends CountedCall {
  private readonly call: WaitingCall | undefined;

  /** @param waiting the call, if it has to wait */
  constructor(owner: BudgetOwner, size: number, waiting: WaitingCall | undefined) {
    super(owner, size);
    this.call = waiting;
  }

  override fail(error: unknown): void {
    this.call?.giveUp();
    super.fail(error);
  }

  protected override resolve(hook: StubHook): void {
    // A settled result calls back before this goes on. Most results are values.
    if (hook.payload) this.ended();
    else hook.whenSettled(() => this.ended());
    super.resolve(hook);
  }
}
