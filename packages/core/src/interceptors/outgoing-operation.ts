import type { Budget } from "../budget.ts";
import { carriedBy, scopeOf } from "../call-context/accounts.ts";
import { CalledScope } from "../call-context/called-scope.ts";
import { CallSettings } from "../call-context/settings.ts";
import type { ContextualOutgoing } from "../contexts/contextual-outgoing.ts";
import { DisposedError, InterceptorError } from "../errors.ts";
import { takeHook } from "../model/dispose-handle.ts";
import { handleIfStub } from "../model/handle.ts";
import {
  ErrorHook,
  type PropertyPath,
  type Puller,
  type StreamedCall,
  type StubHook,
} from "../model/hook.ts";
import { handleRejection } from "../model/native-promise.ts";
import type { Payload } from "../model/payload.ts";
import type { RpcPromise } from "../types/index.ts";
import type {
  AddedContext,
  Interceptor,
  OperationKind,
  OutcomeObserver,
  OutgoingCall,
  ResultUse,
  SeenOptions,
  TravellingContext,
} from "./interceptor.ts";
import type { Use } from "./noted-hook.ts";
import { type Direction, describe, Operation } from "./operation.ts";
import { SeenContext } from "./seen-context.ts";
import { seenOptions } from "./seen-options.ts";
import { WatchedResult } from "./watched-result.ts";

/** An interceptor of outgoing operations. */
export type CallInterceptor = Interceptor & Required<Pick<Interceptor, "call">>;

/** Sends a session's requests, after its interceptors. */
export interface Requests
  extends Direction,
    Pick<ContextualOutgoing, "runtime" | "sendCall" | "sendGet" | "sendMap"> {
  readonly interceptors: readonly CallInterceptor[];
  sendStream(id: number, path: PropertyPath, args: Payload): StreamedCall;
}

/** Hands the outcome of an operation to an interceptor. */
class Observing implements Puller {
  readonly #observer: OutcomeObserver;

  constructor(observer: OutcomeObserver) {
    this.#observer = observer;
  }

  resolve(payload: Payload): void {
    this.#observer.succeeded(payload.value);
  }

  reject(error: unknown): void {
    this.#observer.failed(error);
  }
}

/** The level of an operation that has passed all interceptors. */
const OVER = -1;

/** An outgoing operation: through the interceptors, the first one outermost, and then out. */
export abstract class OutgoingOperation extends Operation<Requests> implements OutgoingCall {
  /** The import that the operation is on. */
  protected readonly id: number;
  /** The index of the interceptor whose `next()` hasn't been called yet. */
  protected level = 0;
  protected watched: WatchedResult | undefined = undefined;
  protected promise: object | undefined = undefined;
  /** The use of the result by the application. A field only if an interceptor asks. */
  declare protected use: Use | undefined;

  constructor(
    requests: Requests,
    kind: OperationKind,
    id: number,
    path: PropertyPath,
    args: unknown,
  ) {
    super(requests, kind, path, args);
    this.id = id;
  }

  get context(): TravellingContext {
    const { kind, account } = this;
    return new SeenContext(kind === "stream" ? undefined : carriedBy(account));
  }

  get options(): SeenOptions {
    return seenOptions(scopeOf(this.account));
  }

  onOutcome(observer: OutcomeObserver): void {
    this.requireWatched().pull(new Observing(observer));
  }

  watchUse(): ResultUse {
    this.use ??= { isUsed: false, ask: () => this.makePromise() };
    return this.use as ResultUse;
  }

  private makePromise(): object {
    return this.direction.runtime.makePromise(this.requireWatched().dup());
  }

  private requireWatched(): WatchedResult {
    if (!this.watched) throw new DisposedError("The operation hasn't left.");
    return this.watched;
  }

  /** The account of the operation, which has its context. */
  protected abstract account: Budget | undefined;

  protected add(context: AddedContext): void {
    // An interceptor of JavaScript may have handed over all options of a call.
    const { metadata, traceparent, tracestate } = context;
    const settings = new CallSettings({ metadata, traceparent, tracestate });
    this.account = new CalledScope(settings, this.account, undefined, this.path);
  }

  get target(): undefined {
    return undefined;
  }

  /** True if the operation was sent. */
  get hasLeft(): boolean {
    return this.watched !== undefined;
  }

  /**
   * Sends the operation, and returns its result.
   *
   * @throws EncodeError for arguments that can't be sent
   */
  protected abstract leave(): StubHook;

  /**
   * Runs the interceptors.
   *
   * @returns the result; a failure if an interceptor throws after the operation was sent
   * @throws the error of an interceptor, or of sending the operation, if it wasn't sent
   */
  run(): StubHook {
    try {
      return this.resultOf(this.ask(0));
    } catch (error) {
      return this.failed(error);
    } finally {
      this.level = OVER;
    }
  }

  /** Gives up the result, if there is one, because an interceptor failed after it. */
  protected failed(error: unknown): StubHook {
    const watched = this.watched;
    if (!watched) throw error;
    watched.dispose();
    watched.keep();
    return new ErrorHook(error);
  }

  /** Runs the interceptor at `i`, and with it those inside. */
  protected ask(i: number): object {
    const result = this.direction.interceptors[i]!.call(this, (added) => this.next(i, added));
    // The usual interceptor returns the promise that it was given.
    if (result !== this.promise || result === undefined) this.checkOther(result, i);
    return result as object;
  }

  /** @throws InterceptorError for an interceptor that didn't call `next()` */
  protected checkOther(result: unknown, i: number): void {
    // An asynchronous one is refused, and may reject, because its `next()` comes too late.
    handleRejection(result);
    if (this.level === i) throw misused(this, "never");
  }

  /** Does what the `next()` of an interceptor does. */
  protected next(i: number, added: AddedContext | undefined): RpcPromise<any> {
    if (this.level !== i) throw misusedNext(this, this.level);
    this.level = i + 1;
    if (added) this.add(added);
    const isLast = i + 1 === this.direction.interceptors.length;
    return (isLast ? this.send() : this.ask(i + 1)) as RpcPromise<any>;
  }

  protected send(): object {
    this.watched = new WatchedResult(this.leave());
    this.promise = this.direction.runtime.makePromise(this.watched);
    return this.promise;
  }

  /** The result that the outermost interceptor returned. */
  protected resultOf(result: unknown): StubHook {
    const watched = this.watched;
    return watched && result === this.promise
      ? watched.passOn(this.use)
      : this.resultOfOther(result);
  }

  protected resultOfOther(result: unknown): StubHook {
    const watched = this.watched;
    const handle = handleIfStub(result);
    if (!handle) throw misused(this, "noPromise");
    // A promise made of the one that `next()` returned.
    if (watched && handle.hook === watched && handle.path.length === 0)
      return watched.passOn(this.use);
    watched?.keep();
    if (!this.direction.runtime.isPromise(result)) return handle.dup();
    return handle.path.length === 0 ? takeHook(handle) : handle.target();
  }
}

const MISUSES = {
  never:
    "returned without calling next(). It has to call next() once, before it returns. To refuse " +
    "an operation, throw an error.",
  twice: "called next() twice. An operation can be sent once.",
  late:
    "called next() after it had returned. Operations leave in order, so it has to call next() " +
    "before it returns.",
  noPromise:
    "returned no RpcPromise. Return the promise that next() gives, or new RpcPromise(promise).",
};

function misusedNext(call: OutgoingCall, level: number): InterceptorError {
  return misused(call, level === OVER ? "late" : "twice");
}

function misused(call: OutgoingCall, misuse: keyof typeof MISUSES): InterceptorError {
  return new InterceptorError(`An interceptor's call(), for ${describe(call)}, ${MISUSES[misuse]}`);
}
