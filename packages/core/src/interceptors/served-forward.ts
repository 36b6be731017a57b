import type { Budget } from "../budget.ts";
import { handleIfStub } from "../model/handle.ts";
import type { PropertyPath, StubHook } from "../model/hook.ts";
import { disposeResult } from "./dispose-result.ts";
import type { OperationKind } from "./interceptor.ts";
import type { Chain } from "./served-operation.ts";
import { ServedRequest } from "./served-request.ts";
import { UnservedBudget } from "./unserved-budget.ts";

/** Carries out an operation, or disposes of its arguments if it isn't carried out. */
export interface Passing {
  readonly budget: Budget;
  pass(hook: StubHook, budget: Budget): StubHook;
  /** Returns the approximate bytes that its arguments hold for the peer. */
  size(): number;
  abandon?(): void;
}

/** An operation whose result is a reference: a `map()`, or one that another session sends. */
export class ServedForward extends ServedRequest {
  readonly #hook: StubHook;
  readonly #passing: Passing;
  #promise: object | undefined;

  /** @param hook the object of the operation; owned by this operation */
  constructor(
    chain: Chain,
    kind: OperationKind,
    hook: StubHook,
    start: unknown,
    path: PropertyPath,
    args: unknown,
    passing: Passing,
  ) {
    super(chain, kind, start, path, args);
    this.#hook = hook;
    this.#passing = passing;
  }

  protected get budget(): Budget {
    return this.#passing.budget;
  }

  protected perform(): unknown {
    const result = this.#passing.pass(this.#hook, new UnservedBudget(this.budget));
    this.#promise = this.direction.parts.runtime.makePromise(result);
    return this.#promise;
  }

  protected hookOf(result: unknown): StubHook {
    if (result === this.#promise && result !== undefined) return handleIfStub(result)!.hook;
    return this.direction.parts.runtime.hookOf(result, undefined, this.budget);
  }

  protected override size(): number {
    return super.size() + this.#passing.size();
  }

  protected abandon(): void {
    this.#passing.abandon?.();
  }

  protected override end(): void {
    this.#hook.dispose();
  }

  protected dispose(result: unknown): void {
    disposeResult(result, this.direction.parts.runtime);
  }
}
