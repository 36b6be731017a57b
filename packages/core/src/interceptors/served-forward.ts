import type { Budget } from "../budget.ts";
import { handleIfStub } from "../model/handle.ts";
import type { StubHook } from "../model/hook.ts";
import type { Runtime } from "../model/runtime.ts";
import type { SessionParts } from "../session/base-session.ts";
import { disposeResult } from "./dispose-result.ts";
import type { ServeInterceptor } from "./served-operation.ts";
import { ServedRequest } from "./served-request.ts";

/** An operation whose result is always a reference: a `map()`, or one that another session sends. */
export class ServedForward extends ServedRequest {
  readonly #runtime: Runtime;
  readonly #hook: StubHook;
  readonly #pass: (hook: StubHook) => StubHook;
  readonly #abandon: (() => void) | undefined;
  #promise: object | undefined;

  /**
   * @param hook the object of the operation; a reference of one's own
   * @param pass carries the operation out
   * @param abandon disposes of the arguments, if the operation isn't carried out
   */
  constructor(
    interceptors: readonly ServeInterceptor[],
    { lifetime, runtime }: SessionParts,
    hook: StubHook,
    budget: Budget,
    pass: (hook: StubHook) => StubHook,
    abandon: (() => void) | undefined,
  ) {
    super(interceptors, lifetime, budget);
    this.#runtime = runtime;
    this.#hook = hook;
    this.#pass = pass;
    this.#abandon = abandon;
  }

  protected perform(): unknown {
    this.#promise = this.#runtime.makePromise(this.#pass(this.#hook));
    return this.#promise;
  }

  protected hookOf(result: unknown): StubHook {
    if (result === this.#promise && result !== undefined) return handleIfStub(result)!.hook;
    return this.#runtime.hookOf(result, undefined, this.budget);
  }

  protected abandon(): void {
    this.#abandon?.();
  }

  protected override end(): void {
    this.#hook.dispose();
  }

  protected dispose(result: unknown): void {
    disposeResult(result, this.#runtime);
  }
}
