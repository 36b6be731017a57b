import { notAFunction } from "../errors.ts";
import type { Callee } from "../local/deliver.ts";
import type { Served } from "../local/serving.ts";
import type { PropertyPath } from "../model/hook.ts";
import { Payload } from "../model/payload.ts";
import { isThenable } from "../promise/awaited.ts";
import type { Lifetime } from "../session/lifetime.ts";
import { disposeResult } from "./dispose-result.ts";
import { ServedOperation, type ServeInterceptor } from "./served-operation.ts";
import { UnservedBudget } from "./unserved-budget.ts";

/** A call of a function of this process. Its delivery sees to the arguments. */
export class ServedCall extends ServedOperation {
  readonly #path: PropertyPath;
  readonly #args: Payload;
  #hook: Served;

  constructor(
    interceptors: readonly ServeInterceptor[],
    lifetime: Lifetime,
    hook: Served,
    path: PropertyPath,
    args: Payload,
  ) {
    super(interceptors, lifetime);
    this.#hook = hook;
    this.#path = path;
    this.#args = args;
  }

  /** The arguments are complete. */
  begin(): unknown {
    const result = this.pass();
    if (!this.hasBegun && isThenable(result)) {
      // The reference that the call was made on may be given up while interceptors wait.
      this.#hook = this.#hook.dup() as Served;
      this.#args.adopt(this.#hook);
    }
    return result;
  }

  protected perform(): unknown {
    const found = this.#hook.find(this.#path);
    const { value, parent, hook, rest } = found;
    if (!hook) {
      if (typeof value !== "function") throw notAFunction(this.#path);
      return Reflect.apply(value as Callee, parent, this.#args.value as unknown[]);
    }
    const result = hook.call(rest, this.#handOn());
    if (found.isHookNew) hook.dispose();
    return this.#args.runtime.makePromise(result);
  }

  /** The arguments, for an operation of another reference, which takes them over. */
  #handOn(): Payload {
    const args = this.#args;
    const { runtime, value, references, pending, budget } = args;
    args.references = [];
    args.pending = [];
    const own = budget && new UnservedBudget(budget);
    return Payload.owned(runtime, value, references, pending, own);
  }

  /** The delivery disposes of the arguments once the interceptors are done with them. */
  protected abandon(): void {}

  protected dispose(result: unknown): void {
    disposeResult(result, this.#args.runtime, this.#args.references);
  }
}
