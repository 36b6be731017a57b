import type { Expression } from "@capnweb/wire";
import type { Budget } from "../budget.ts";
import { CalledScope } from "../call-context/called-scope.ts";
import type { Carried } from "../call-context/carried.ts";
import { CallSettings } from "../call-context/settings.ts";
import { InterceptorError } from "../errors.ts";
import { takeHook } from "../model/dispose-handle.ts";
import { handleIfStub } from "../model/handle.ts";
import { ErrorHook, type PropertyPath, type StreamedCall, type StubHook } from "../model/hook.ts";
import { handleRejection } from "../model/native-promise.ts";
import type { Payload } from "../model/payload.ts";
import type { Runtime } from "../model/runtime.ts";
import type { SessionParts } from "../session/base-session.ts";
import type { RpcPromise } from "../types/index.ts";
import type {
  AddedContext,
  Interceptor,
  OperationKind,
  OutgoingCall,
  TravellingContext,
} from "./interceptor.ts";
import { describe, Operation } from "./operation.ts";
import { SeenContext } from "./seen-context.ts";
import { WatchedResult } from "./watched-result.ts";

/** An interceptor of outgoing operations. */
export type CallInterceptor = Interceptor & Required<Pick<Interceptor, "call">>;

/** Sends a session's requests, after its interceptors. */
export interface Requests {
  /** The context with which a call of an account is sent. */
  contextOf(account: Budget | undefined, path: PropertyPath): Carried | undefined;
  sendCall(id: number, path: PropertyPath, args: Payload): StubHook;
  sendGet(id: number, path: PropertyPath, account: Budget | undefined): StubHook;
  sendMap(
    id: number,
    path: PropertyPath,
    captures: StubHook[],
    instructions: Expression[],
    account: Budget | undefined,
  ): StubHook;
  sendStream(id: number, path: PropertyPath, args: Payload): StreamedCall;
}

/** The level of an operation that has passed all interceptors. */
const OVER = -1;

/** An outgoing operation: through the interceptors, the first one outermost, and then out. */
export abstract class OutgoingOperation extends Operation implements OutgoingCall {
  protected readonly requests: Requests;
  /** The import that the operation is on. */
  protected readonly id: number;
  /** The index of the interceptor whose `next()` hasn't been called yet. */
  #level = 0;
  #watched: WatchedResult | undefined;
  #promise: object | undefined;

  constructor(
    parts: SessionParts,
    requests: Requests,
    kind: OperationKind,
    id: number,
    path: PropertyPath,
    args: unknown,
  ) {
    super(parts, kind, path, args);
    this.requests = requests;
    this.id = id;
  }

  get context(): TravellingContext {
    const { kind, account, path } = this;
    const isStream = kind === "stream";
    return new SeenContext(isStream ? undefined : this.requests.contextOf(account, path));
  }

  /** The account of the operation, which has its context. */
  protected abstract account: Budget | undefined;

  #add(context: AddedContext): void {
    // An interceptor of JavaScript may have handed over all options of a call.
    const { metadata, traceparent, tracestate } = context;
    const settings = new CallSettings({ metadata, traceparent, tracestate });
    this.account = new CalledScope(settings, this.account, undefined, this.path);
  }

  get target(): undefined {
    return undefined;
  }

  /** Whether the operation was sent. */
  get hasLeft(): boolean {
    return this.#watched !== undefined;
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
  run(interceptors: readonly CallInterceptor[], runtime: Runtime): StubHook {
    try {
      return this.#resultOf(this.#enter(interceptors, 0, runtime), runtime);
    } catch (error) {
      const watched = this.#watched;
      if (!watched) throw error;
      watched.dispose();
      watched.keep();
      return new ErrorHook(error);
    } finally {
      this.#level = OVER;
    }
  }

  #enter(interceptors: readonly CallInterceptor[], i: number, runtime: Runtime): object {
    if (i === interceptors.length) return this.#send(runtime);
    const result = interceptors[i]!.call(this, (added) => {
      if (this.#level !== i) throw misused(this, this.#level === OVER ? "late" : "twice");
      this.#level = i + 1;
      if (added) this.#add(added);
      return this.#enter(interceptors, i + 1, runtime) as RpcPromise<any>;
    });
    // An asynchronous one is refused, and may reject, because its `next()` comes too late.
    handleRejection(result);
    if (this.#level === i) throw misused(this, "never");
    return result as object;
  }

  #send(runtime: Runtime): object {
    this.#watched = new WatchedResult(this.leave());
    this.#promise = runtime.makePromise(this.#watched);
    return this.#promise;
  }

  /** The result that the outermost interceptor returned. */
  #resultOf(result: unknown, runtime: Runtime): StubHook {
    const watched = this.#watched;
    if (watched && result === this.#promise) return watched.passOn();
    const handle = handleIfStub(result);
    if (!handle) throw misused(this, "noPromise");
    // A promise made of the one that `next()` returned.
    if (watched && handle.hook === watched && handle.path.length === 0) return watched.passOn();
    watched?.keep();
    if (!runtime.isPromise(result)) return handle.dup();
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

function misused(call: OutgoingCall, misuse: keyof typeof MISUSES): InterceptorError {
  return new InterceptorError(`An interceptor's call(), for ${describe(call)}, ${MISUSES[misuse]}`);
}
