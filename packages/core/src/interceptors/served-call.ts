import type { Budget } from "../budget.ts";
import type { CallContext } from "../call-context/call-context.ts";
import { currentScope, madeScope } from "../call-context/running-call.ts";
import type { ServedScope } from "../call-context/served-scope.ts";
import { support } from "../call-context/support.ts";
import { notAFunction } from "../errors.ts";
import type { Method } from "../local/deliver.ts";
import type { Served } from "../local/serving.ts";
import type { PropertyPath } from "../model/hook.ts";
import { Payload } from "../model/payload.ts";
import { disposeResult } from "./dispose-result.ts";
import { type Chain, ServedOperation } from "./served-operation.ts";
import { UnservedBudget } from "./unserved-budget.ts";

/** A call of a function of this process. Its delivery owns the arguments. */
export class ServedCall extends ServedOperation {
  protected readonly payload: Payload;
  protected hook: Served;
  /** The scope of the call, if an interceptor waits before it begins: only then a field. */
  declare protected scope: ServedScope | undefined;

  constructor(chain: Chain, hook: Served, path: PropertyPath, payload: Payload) {
    super(chain, "call", hook.live?.value, path, payload.value);
    this.hook = hook;
    this.payload = payload;
  }

  protected get account(): Budget | undefined {
    return this.payload.budget;
  }

  protected override makeContext(): CallContext {
    return this.scope?.context ?? super.makeContext();
  }

  /**
   * Keeps the object and the scope while interceptors wait, because they have left the call's
   * frame, and the caller may dispose of the object meanwhile.
   */
  protected override postponed(): void {
    this.hook = this.hook.dup() as Served;
    this.payload.adopt(this.hook);
    this.scope = currentScope();
  }

  protected perform(): unknown {
    const found = this.hook.find(this.path);
    const { value, parent, hook, rest } = found;
    if (!hook) {
      if (typeof value !== "function") throw notAFunction(this.path);
      return this.apply(value as Method, parent);
    }
    const result = hook.call(rest, this.handOn());
    if (found.isHookNew) hook.dispose();
    return this.payload.runtime.makePromise(result);
  }

  /** Calls the method in the scope of the call, which an interceptor that waited has left. */
  protected apply(method: Method, target: unknown): unknown {
    const list = this.payload.value as unknown[];
    if (this.scope) return support!.apply(this.scope, method, target, list);
    const result: unknown = Reflect.apply(method, target, list);
    madeScope()?.isOf(method, target);
    return result;
  }

  /** Takes the arguments for an operation on another reference. */
  protected handOn(): Payload {
    const payload = this.payload;
    const { runtime, value, references, pending, budget } = payload;
    payload.references = [];
    payload.pending = [];
    const own = budget && new UnservedBudget(budget);
    return Payload.owned(runtime, value, references, pending, own);
  }

  /** Disposes of the arguments, although an interceptor may never give a result. */
  protected abandon(): void {
    this.payload.dispose();
  }

  protected dispose(result: unknown): void {
    disposeResult(result, this.payload.runtime, this.payload.references);
  }
}
