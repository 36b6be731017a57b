import { notAFunction } from "../errors.ts";
import type { Callee } from "../local/deliver.ts";
import type { Served } from "../local/serving.ts";
import type { PropertyPath } from "../model/hook.ts";
import { Payload } from "../model/payload.ts";
import { isThenable } from "../promise/awaited.ts";
import { disposeResult } from "./dispose-result.ts";
import { type Chain, ServedOperation } from "./served-operation.ts";
import { UnservedBudget } from "./unserved-budget.ts";

/** A call of a function of this process. Its delivery sees to the arguments. */
export class ServedCall extends ServedOperation {
  readonly #payload: Payload;
  #hook: Served;

  constructor(chain: Chain, hook: Served, path: PropertyPath, payload: Payload) {
    super(chain, "call", hook.live?.value, path, payload.value);
    this.#hook = hook;
    this.#payload = payload;
  }

  /** The arguments are complete. */
  begin(): unknown {
    const result = this.pass();
    if (!this.hasBegun && isThenable(result)) {
      // The reference that the call was made on may be given up while interceptors wait.
      this.#hook = this.#hook.dup() as Served;
      this.#payload.adopt(this.#hook);
    }
    return result;
  }

  protected perform(): unknown {
    const found = this.#hook.find(this.path);
    const { value, parent, hook, rest } = found;
    if (!hook) {
      if (typeof value !== "function") throw notAFunction(this.path);
      return Reflect.apply(value as Callee, parent, this.#payload.value as unknown[]);
    }
    const result = hook.call(rest, this.#handOn());
    if (found.isHookNew) hook.dispose();
    return this.#payload.runtime.makePromise(result);
  }

  /** The arguments, for an operation of another reference, which takes them over. */
  #handOn(): Payload {
    const payload = this.#payload;
    const { runtime, value, references, pending, budget } = payload;
    payload.references = [];
    payload.pending = [];
    const own = budget && new UnservedBudget(budget);
    return Payload.owned(runtime, value, references, pending, own);
  }

  /** The delivery disposes of the arguments once the interceptors are done with them. */
  protected abandon(): void {}

  protected dispose(result: unknown): void {
    disposeResult(result, this.#payload.runtime, this.#payload.references);
  }
}
