import { nameOf } from "@capnweb/wire/internal";
import type { BudgetOwner } from "../budget.ts";
import { CanceledError, DeadlineError } from "../errors.ts";
import { carriedBy, scopeOf } from "./accounts.ts";
import type { CallContext, CallMetadata, CallSession } from "./call-context.ts";
import { CallScope } from "./scope.ts";
import type { RunningAccount } from "./support.ts";

const NO_METADATA: CallMetadata = Object.freeze({});

/** The scope of a call that this side runs. Its members are the calls that the method makes. */
export class ServedScope extends CallScope {
  deadline = Infinity;
  readonly #session: CallSession | undefined;
  readonly #owner: BudgetOwner | undefined;
  readonly #request: object;
  #controller: AbortController | undefined;
  #context: CallContext | undefined;
  #callee: { readonly name: string } | undefined;
  #target: unknown;

  constructor(account: RunningAccount) {
    const outer = scopeOf(account);
    super(carriedBy(account), outer);
    this.#owner = account?.owner;
    this.#session = this.#owner?.face ?? outer?.session;
    // All calls of one message have its budget. A scope that is over belongs to no request.
    this.#request = (outer?.isOver ? undefined : outer?.request) ?? account?.root ?? this;
  }

  override get request(): object {
    return this.#request;
  }

  override get session(): CallSession | undefined {
    return this.#session;
  }

  /** The context as the application sees it, the same object each time. */
  get context(): CallContext {
    this.#context ??= new ServedContext(this);
    return this.#context;
  }

  /**
   * Notes the method of the call, for errors. It is known once the method's synchronous part is
   * over.
   */
  isOf(callee: { readonly name: string }, target: unknown): void {
    if (this.#callee) return;
    this.#callee = callee;
    this.#target = target;
  }

  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      if (this.failure) this.#controller.abort(this.failure.reason);
      else if (!this.isOver) this.watch();
    }
    return this.#controller.signal;
  }

  protected override watch(): void {
    super.watch();
    // The surrounding scope waits for its own deadline.
    if (!this.carried || this.outer) return;
    this.deadline = this.carried.deadline;
    if (this.deadline <= performance.now()) this.expire();
    else this.waitFor(this.deadline, this.#session);
  }

  expire(): void {
    this.fail(new DeadlineError(`The caller's deadline for ${this.#describe()} has passed.`));
  }

  #describe(): string {
    if (!this.#callee) return "this call";
    const method = this.#callee.name || "a function";
    return this.#target === undefined ? method : `${nameOf(this.#target)}.${method}`;
  }

  protected override cancelled(reason: unknown): void {
    this.#controller?.abort(reason);
  }

  /** Notes that the caller, or the end of its session, gave up the result before it was there. */
  givenUp(): void {
    const over = this.#owner?.lifetime?.over;
    if (over) this.fail(over.error);
    else this.fail(new CanceledError(`The caller gave up the result of ${this.#describe()}.`));
  }
}

/** The context that `currentCall()` returns for a scope. */
export class ServedContext implements CallContext {
  readonly #scope: ServedScope;
  #deadline: number | undefined;

  constructor(scope: ServedScope) {
    this.#scope = scope;
    const deadline = scope.carried?.deadline ?? Infinity;
    // Reads both clocks at one time. Otherwise each read would give another deadline.
    if (deadline !== Infinity) {
      this.#deadline = Date.now() + deadline - performance.now();
    }
  }

  get signal(): AbortSignal {
    return this.#scope.signal;
  }

  get deadline(): number | undefined {
    return this.#deadline;
  }

  get metadata(): CallMetadata {
    return this.#scope.carried?.metadata ?? NO_METADATA;
  }

  get traceparent(): string | undefined {
    return this.#scope.carried?.traceparent;
  }

  get tracestate(): string | undefined {
    return this.#scope.carried?.tracestate;
  }

  get session(): CallSession | undefined {
    return this.#scope.session;
  }

  get request(): object {
    return this.#scope.request;
  }

  /** The scope of a context. A static method, so that applications don't see it. */
  static scopeOf(context: CallContext): ServedScope | undefined {
    return #scope in context ? context.#scope : undefined;
  }
}
