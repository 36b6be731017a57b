import type { BudgetOwner, PendingCall, PendingPlace } from "../budget.ts";
import { ErrorHook, type StubHook } from "../model/hook.ts";
import type { Payload } from "../model/payload.ts";
import { Deferred } from "../promise/deferred.ts";

/** The result, still to come, of a call of the peer's, which is pending until it is there. */
export class PendingResult extends Deferred implements PendingCall {
  readonly size: number;
  place: PendingPlace | undefined = undefined;
  readonly #owner: BudgetOwner;
  /** The arguments, as long as the call waits for them. */
  readonly #awaited: Payload | undefined;

  /** @param awaited the arguments, if it is these that the call waits for */
  constructor(owner: BudgetOwner, size: number, awaited: Payload | undefined) {
    super();
    this.size = size;
    this.#owner = owner;
    this.#awaited = awaited;
  }

  fail(error: unknown): void {
    this.#awaited?.dispose();
    this.settle(new ErrorHook(error));
  }

  protected override resolve(hook: StubHook): void {
    // What is settled says so before this goes on.
    hook.whenSettled(() => this.#owner.callEnded(this));
    super.resolve(hook);
  }
}
