import type { BudgetOwner } from "../budget.ts";
import { STEPS } from "../call-context/counts.ts";
import { takeScope } from "../call-context/running-call.ts";
import type { ServedScope } from "../call-context/served-scope.ts";
import { PendingResult, type WaitingCall } from "../local/pending-result.ts";
import type { Payload } from "../model/payload.ts";
import { sizeOfArguments } from "../model/waiting-size.ts";
import type { Deferred } from "../promise/deferred.ts";

/** The owner of calls of this process, which no session counts. */
const NO_OWNER = { callEnded() {} } as unknown as BudgetOwner;

/** The result, still to come, of a call that has a scope. It tells the scope of the call's end. */
class ScopedResult extends PendingResult {
  readonly #scope: ServedScope;

  constructor(
    owner: BudgetOwner,
    size: number,
    waiting: WaitingCall | undefined,
    scope: ServedScope,
  ) {
    super(owner, size, waiting);
    this.#scope = scope;
  }

  override fail(error: unknown): void {
    this.#scope.fail(error);
    super.fail(error);
  }

  protected override unwanted(): void {
    const over = this.owner.lifetime?.over;
    if (over) this.#scope.fail(over.error);
    else this.#scope.givenUp();
  }

  protected override ended(): void {
    this.#scope.end();
    super.ended();
  }
}

/**
 * The result of the call whose method has just returned a promise, if the call has a scope.
 *
 * @throws LimitError for too many pending calls
 */
export function beginScoped(args: Payload, waiting?: WaitingCall): Deferred | undefined {
  const scope = takeScope();
  if (!scope) return undefined;
  const { budget } = args;
  const owner = budget?.owner;
  const size = owner ? sizeOfArguments(args) : 0;
  const result = new ScopedResult(owner ?? NO_OWNER, size, waiting, scope);
  if (owner) {
    budget.spend(STEPS.pendingCall);
    owner.callBegan(result);
  }
  return result;
}
