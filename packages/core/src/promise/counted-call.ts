import type { Budget, BudgetOwner, PendingCall } from "../budget.ts";
import { PENDING_CALL_STEPS } from "../call-context/counts.ts";
import { Deferred } from "./deferred.ts";

/** The result, still to come, of a peer's call that its session counts as pending. */
export class CountedCall extends Deferred implements PendingCall {
  readonly size: number;
  isPending = false;
  before: PendingCall | undefined = undefined;
  after: PendingCall | undefined = undefined;
  deadline = 0;
  protected readonly owner: BudgetOwner;

  constructor(owner: BudgetOwner, size: number) {
    super();
    this.owner = owner;
    this.size = size;
  }

  /**
   * Begins to count, and takes the steps from `budget`.
   *
   * @throws LimitError for too many pending calls
   */
  begin(budget: Budget): this {
    budget.spend(PENDING_CALL_STEPS);
    this.owner.calls.began(this);
    return this;
  }

  /** Ends to count. Idempotent. */
  protected ended(): void {
    this.owner.calls.ended(this);
  }
}
