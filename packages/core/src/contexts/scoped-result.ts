import type { Budget, BudgetOwner } from "../budget.ts";
import { takeScope } from "../call-context/running-call.ts";
import type { ServedScope } from "../call-context/served-scope.ts";
import { PendingResult, type WaitingCall } from "../local/pending-result.ts";
import type { TieResult } from "../local/scoped-results.ts";
import type { StubHook } from "../model/hook.ts";
import type { Payload } from "../model/payload.ts";
import type { Shared, SharedHook } from "../model/shared-hook.ts";
import { sizeOfArguments } from "../model/waiting-size.ts";
import { Deferred } from "../promise/deferred.ts";
import { observe, ResultEntry } from "../session/result-entry.ts";
import { callOf } from "./call-in-scope.ts";

/** The owner of calls of this process, which no session counts. */
const NO_OWNER = { calls: { ended() {} } } as unknown as BudgetOwner;

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
    this.#scope.givenUp();
    super.unwanted();
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
  const { budget } = args;
  return scope && begin(scope, budget, budget?.owner ? sizeOfArguments(args) : 0, waiting);
}

/** Does what {@link beginScoped} does, for any work, with the bytes that it holds for the peer. */
export function beginScopedWork(
  budget: Budget,
  size: number,
  waiting: WaitingCall,
): Deferred | undefined {
  const scope = takeScope();
  return scope && begin(scope, budget, size, waiting);
}

function begin(
  scope: ServedScope,
  budget: Budget | undefined,
  size: number,
  waiting: WaitingCall | undefined,
): Deferred {
  const owner = budget?.owner;
  const result = new ScopedResult(owner ?? NO_OWNER, size, waiting, scope);
  return owner ? result.begin(budget) : result;
}

/** Takes the scope, if there is one, of the method that has just returned a stub or promise. */
export function takeTie(): TieResult | undefined {
  const scope = takeScope();
  return scope && ((result) => tie(result.settled(), scope));
}

function tie(result: StubHook, scope: ServedScope): void {
  const { live } = result as Partial<SharedHook<Shared>>;
  if (live instanceof Deferred) {
    live.onUnwanted = () => scope.givenUp();
    result.whenSettled(() => scope.end());
  } else if (live instanceof ResultEntry && !live.resolution) tieToImport(live, scope);
  else scope.end();
}

function tieToImport(result: ResultEntry, scope: ServedScope): void {
  if (callOf(result)?.isResultOf(scope)) return;
  // It was passed on, or made elsewhere.
  observe(result, {
    resolve: () => scope.end(),
    reject: () => (result.resolution ? scope.end() : scope.givenUp()),
  });
}
