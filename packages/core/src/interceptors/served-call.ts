import type { Budget } from "../budget.ts";
import type { CallContext } from "../call-context/call-context.ts";
import { currentScope } from "../call-context/running-call.ts";
import type { ServedScope } from "../call-context/served-scope.ts";
import { support } from "../call-context/support.ts";
import { notAFunction } from "../errors.ts";
import type { Method } from "../local/deliver.ts";
import type { Served } from "../local/serving.ts";
import type { PropertyPath } from "../model/hook.ts";
import { Payload } from "../model/payload.ts";
import { isThenable } from "../promise/awaited.ts";
import { disposeResult } from "./dispose-result.ts";
import { type Chain, ServedOperation } from "./served-operation.ts";
import { UnservedBudget } from "./unserved-budget.ts";

/** A call of a function of this process. Its delivery owns the arguments. */
export class ServedCall extends ServedOperation {
  readonly #payload: Payload;
  #hook: Served;
  /** The scope of the call, if an interceptor waits before it begins. */
  #scope: ServedScope | undefined;
  #isInFrame = false;

  constructor(chain: Chain, hook: Served, path: PropertyPath, payload: Payload) {
    super(chain, "call", hook.live?.value, path, payload.value);
    this.#hook = hook;
    this.#payload = payload;
  }

  protected get account(): Budget | undefined {
    return this.#payload.budget;
  }

  /** The method's own context, as long as the call's frame is the current one. */
  protected override makeContext(): CallContext {
    const scope = this.#isInFrame ? currentScope() : this.#scope;
    return scope ? scope.context : super.makeContext();
  }

  /** Begins, now that the arguments are complete. */
  begin(): unknown {
    this.#isInFrame = true;
    try {
      const result = this.pass();
      if (!this.hasBegun && isThenable(result)) this.#wait();
      return result;
    } finally {
      this.#isInFrame = false;
    }
  }

  /**
   * Keeps the object and the scope while interceptors wait, because they have left the call's
   * frame, and the caller may dispose of the object meanwhile.
   */
  #wait(): void {
    this.#hook = this.#hook.dup() as Served;
    this.#payload.adopt(this.#hook);
    this.#scope = currentScope();
  }

  protected perform(): unknown {
    const found = this.#hook.find(this.path);
    const { value, parent, hook, rest } = found;
    if (!hook) {
      if (typeof value !== "function") throw notAFunction(this.path);
      return this.#call(value as Method, parent);
    }
    const result = hook.call(rest, this.#handOn());
    if (found.isHookNew) hook.dispose();
    return this.#payload.runtime.makePromise(result);
  }

  /** Calls the method in the scope of the call, which an interceptor that waited has left. */
  #call(method: Method, target: unknown): unknown {
    const list = this.#payload.value as unknown[];
    if (this.#scope) return support!.apply(this.#scope, method, target, list);
    const result: unknown = Reflect.apply(method, target, list);
    support?.isOf(method, target);
    return result;
  }

  /** Takes the arguments for an operation on another reference. */
  #handOn(): Payload {
    const payload = this.#payload;
    const { runtime, value, references, pending, budget } = payload;
    payload.references = [];
    payload.pending = [];
    const own = budget && new UnservedBudget(budget);
    return Payload.owned(runtime, value, references, pending, own);
  }

  /**
   * Does nothing: the delivery disposes of the arguments once the interceptors are done with them.
   */
  protected abandon(): void {}

  protected dispose(result: unknown): void {
    disposeResult(result, this.#payload.runtime, this.#payload.references);
  }
}
