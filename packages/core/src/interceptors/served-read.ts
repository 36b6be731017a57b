import type { Budget } from "../budget.ts";
import type { Served } from "../local/serving.ts";
import { handleIfStub } from "../model/handle.ts";
import type { PropertyPath, StubHook } from "../model/hook.ts";
import { Payload } from "../model/payload.ts";
import type { Chain } from "./served-operation.ts";
import { ServedRequest } from "./served-request.ts";
import { UnservedBudget } from "./unserved-budget.ts";

/** The read of a property of an object of this process. */
export class ServedRead extends ServedRequest {
  protected readonly budget: Budget;
  #hook: Served;
  /** True if this operation owns the hook. */
  #isHeld = false;
  /** The result, if it comes from elsewhere. */
  #promise: object | undefined;

  constructor(chain: Chain, hook: Served, path: PropertyPath, budget: Budget) {
    super(chain, "get", hook.live?.value, path, undefined);
    this.budget = budget;
    this.#hook = hook;
  }

  protected override wait(): void {
    this.#hook = this.#hook.dup() as Served;
    this.#isHeld = true;
  }

  protected perform(): unknown {
    const found = this.#hook.find(this.path);
    if (!found.hook) return found.value;
    const result = found.hook.get(found.rest, new UnservedBudget(this.budget));
    if (found.isHookNew) found.hook.dispose();
    this.#promise = this.direction.parts.runtime.makePromise(result);
    return this.#promise;
  }

  protected hookOf(result: unknown): StubHook {
    const promise = this.#promise;
    if (promise && result === promise) {
      this.#promise = undefined;
      return handleIfStub(promise)!.hook;
    }
    const { runtime } = this.direction.parts;
    try {
      // The value of a property stays with its object.
      return runtime.hookOfPayload(Payload.copied(runtime, result, this.budget));
    } finally {
      this.dispose();
    }
  }

  protected abandon(): void {}

  protected override end(): void {
    if (this.#isHeld) this.#hook.dispose();
  }

  /** Disposes only of a promise that was made for this read. */
  protected dispose(): void {
    const promise = this.#promise;
    this.#promise = undefined;
    if (promise) handleIfStub(promise)!.hook.dispose();
  }
}
