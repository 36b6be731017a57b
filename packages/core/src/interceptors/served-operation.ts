import type { Budget } from "../budget.ts";
import { carriedBy } from "../call-context/accounts.ts";
import type { CallContext } from "../call-context/call-context.ts";
import { currentScope, madeScope } from "../call-context/running-call.ts";
import { support } from "../call-context/support.ts";
import { CanceledError, InterceptorError } from "../errors.ts";
import type { Method } from "../local/deliver.ts";
import type { WaitingCall } from "../local/pending-result.ts";
import type { PropertyPath } from "../model/hook.ts";
import { isThenable } from "../promise/awaited.ts";
import { classOf } from "./class-of.ts";
import type { IncomingCall, Interceptor, OperationKind, TravellingContext } from "./interceptor.ts";
import { type Direction, describe, Operation } from "./operation.ts";
import { SeenContext, SeenServedContext } from "./seen-context.ts";

/** An interceptor of the peer's operations. */
export type ServeInterceptor = Interceptor & Required<Pick<Interceptor, "serve">>;

/** The interceptors of a session. */
export interface Chain extends Direction {
  readonly interceptors: readonly ServeInterceptor[];
}

/** The name of an operation for the errors of its call, which are rare. */
class Callee {
  readonly #operation: IncomingCall;

  constructor(operation: IncomingCall) {
    this.#operation = operation;
  }

  get name(): string {
    return describe(this.#operation);
  }
}

const NONE: unknown[] = [];

/** Runs the interceptors of the operation that is its `this`, in the frame of the running call. */
export const PASS: Method = function (this: ServedOperation) {
  return this.passInFrame();
};

/** The level of an operation that was carried out, at least in part. */
const BEGUN = -2;

/** The level of an operation that interceptors can't carry out any more. */
const OVER = -1;

/** Stands for the class of an object that is elsewhere. */
export const ELSEWHERE = Symbol();

/** An operation of a peer, on its way through the interceptors, the first one outermost. */
export abstract class ServedOperation
  extends Operation<Chain>
  implements IncomingCall, WaitingCall
{
  protected readonly start: unknown;
  /** The index of the interceptor whose `next()` hasn't been called yet, or a mark. */
  protected level = 0;
  protected result: unknown = undefined;
  protected isInFrame = false;
  // Fields only if they are needed, because most operations don't.
  declare protected isGivenUp: true | undefined;
  declare protected seen: CallContext | undefined;

  /** @param start the value that the path starts at, or {@link ELSEWHERE} */
  constructor(
    chain: Chain,
    kind: OperationKind,
    start: unknown,
    path: PropertyPath,
    args: unknown,
  ) {
    super(chain, kind, path, args);
    this.start = start;
  }

  get hasBegun(): boolean {
    return this.level === BEGUN;
  }

  /** The account of the message that asks for the operation. */
  protected abstract readonly account: Budget | undefined;

  get context(): CallContext {
    this.seen ??= this.makeContext();
    return this.seen;
  }

  get received(): TravellingContext {
    return new SeenContext(carriedBy(this.account));
  }

  /** The context of `currentCall()`, as long as the operation's frame is the current one. */
  protected makeContext(): CallContext {
    const scope = this.isInFrame ? currentScope() : undefined;
    return scope?.context ?? new SeenServedContext(this.account, this.session);
  }

  get target(): string | undefined {
    return this.start === ELSEWHERE ? undefined : classOf(this.start);
  }

  /** Runs the interceptors as the running call, so that `currentCall()` works in them. */
  protected passAsCall(): unknown {
    return support!.apply(this.account ?? null, PASS, this, NONE);
  }

  /** Does what {@link pass} does, in the frame of the operation's call. */
  passInFrame(): unknown {
    this.isInFrame = true;
    try {
      return this.pass();
    } finally {
      this.isInFrame = false;
      madeScope()?.isOf(new Callee(this), undefined);
    }
  }

  /**
   * Runs the interceptors and, if they call `next()`, the operation.
   *
   * @returns the outermost interceptor's result
   * @throws the outermost interceptor's error. The operation's own result was given up by then
   */
  protected pass(): unknown {
    let result: unknown;
    try {
      result = this.ask(0);
    } catch (error) {
      this.close();
      this.discard();
      throw error;
    }
    if (result !== this.result || !this.hasBegun) this.watch(result);
    return result;
  }

  /** Sees to a result of the interceptors that isn't the operation's own. */
  protected watch(result: unknown): void {
    if (result !== this.result && result instanceof Promise) {
      result.then(undefined, () => this.discard());
    }
    if (!this.hasBegun && isThenable(result)) this.postponed();
  }

  /** Called in the operation's frame if an interceptor waits before the operation begins. */
  protected postponed(): void {}

  /** Runs the interceptor at `i`, and with it those inside. */
  protected ask(i: number): unknown {
    const result = this.direction.interceptors[i]!.serve(this, () => this.next(i));
    // The usual interceptor returns the operation's own result.
    if (this.hasBegun && result === this.result) return result;
    return this.taken(result);
  }

  /** The result of an interceptor, once it was seen to. */
  protected taken(given: unknown): unknown {
    let result = given;
    // The `then` of another thenable may do its work anew each time.
    if (result !== this.result && this.isAwaited(result)) result = Promise.resolve(result);
    // This interceptor, or one inside it, may still call `next()` until the result is there.
    if (!this.hasBegun) this.endWith(result);
    return result;
  }

  /** Does what the `next()` of an interceptor does. */
  protected next(i: number): unknown {
    if (this.level !== i) throw misused(this, this.level);
    this.level = i + 1;
    const isLast = i + 1 === this.direction.interceptors.length;
    return isLast ? this.begin() : this.ask(i + 1);
  }

  protected endWith(result: unknown): void {
    const end = () => this.close();
    if (result instanceof Promise) result.then(end, end);
    else end();
  }

  /** True if an interceptor's result is awaited: one of ours only if it may still call `next()`. */
  protected isAwaited(result: unknown): boolean {
    if (isThenable(result)) return true;
    const isOurs = typeof result === "function" && this.direction.parts.runtime.isPromise(result);
    return isOurs && !this.hasBegun;
  }

  /** Keeps interceptors from carrying out an operation that has its result. */
  protected close(): void {
    if (!this.hasBegun) this.level = OVER;
  }

  protected begin(): unknown {
    const { over } = this.direction.parts.lifetime;
    if (over) throw over.error;
    if (this.isGivenUp) throw new CanceledError();
    this.level = BEGUN;
    this.result = this.perform();
    return this.result;
  }

  giveUp(): void {
    if (this.hasBegun || this.isGivenUp) return;
    this.isGivenUp = true;
    this.abandon();
  }

  /** Disposes of the operation's result, because an interceptor failed after it. */
  protected discard(): void {
    const result = this.result;
    this.result = undefined;
    if (result !== undefined) this.dispose(result);
  }

  /** Carries out the operation, and returns its result unchanged. */
  protected abstract perform(): unknown;

  /** Disposes of everything that the operation would need. */
  protected abstract abandon(): void;

  /** Disposes of a result of {@link perform}. Never throws. */
  protected abstract dispose(result: unknown): void;
}

const MISUSES = {
  twice: "called next() twice. An operation can be carried out once.",
  late: "called next() after it, or an interceptor around it, had given the result.",
};

function misused(call: IncomingCall, level: number): InterceptorError {
  const misuse = MISUSES[level === OVER ? "late" : "twice"];
  return new InterceptorError(`An interceptor's serve(), for ${describe(call)}, ${misuse}`);
}
