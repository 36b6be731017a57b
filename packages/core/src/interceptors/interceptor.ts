import type { CallContext } from "../call-context/call-context.ts";
import type { CallOptions } from "../call-context/call-options.ts";
import type { BaseSession } from "../session/base-session.ts";
import type { RpcPromise } from "../types/index.ts";

/**
 * The kind of an operation:
 *
 * - `"call"`: a call of a method or of a function
 * - `"get"`: the read of a property
 * - `"map"`: a `map()`. The calls and reads that it makes, for each element, are operations of
 *   their own on the side that serves them
 * - `"stream"`: a `write`, `close` or `abort` of a stream's writing end
 */
export type OperationKind = "call" | "get" | "map" | "stream";

/** An operation, as an {@link Interceptor} sees it. */
export interface InterceptedCall {
  readonly kind: OperationKind;
  /**
   * The names that lead from the operation's object to the method or property. A peer may send any
   * names.
   */
  readonly path: readonly (string | number)[];
  /** The last name of the path; `undefined` if the object itself is called or mapped. */
  readonly method: string | undefined;
  /**
   * The arguments, or the chunk; empty for other operations. They belong to the operation: don't
   * change them, and `dup()` stubs that you keep.
   */
  readonly args: readonly unknown[];
  /** The session by which the operation leaves or arrives. */
  readonly session: BaseSession<any>;
}

/** The part of a call's context that travels with it; see {@link CallContext}. */
export type TravellingContext = Pick<
  CallContext,
  "deadline" | "metadata" | "traceparent" | "tracestate"
>;

/** The context that an interceptor adds to a call. */
export type AddedContext = Pick<CallOptions, "metadata" | "traceparent" | "tracestate">;

/** The options of a call that don't travel, as an {@link Interceptor} sees them. */
export type SeenOptions = Readonly<Pick<CallOptions, "timeout" | "signal" | "idempotent">>;

/**
 * Receives the outcome of an operation, once. Its methods run while a message is handled, and
 * mustn't throw.
 */
export interface OutcomeObserver {
  /** @param value belongs to the application */
  succeeded(value: unknown): void;
  failed(error: unknown): void;
}

/** The use of a result by the application. */
export interface ResultUse {
  /** True once the application has awaited the result, called something on it, or passed it on. */
  readonly isUsed: boolean;
  /**
   * Returns another promise of the result, which isn't a use. Awaiting it asks for the result. The
   * value belongs to the application; dispose of the promise.
   *
   * @throws Error if the operation hasn't left, or the application has given up the result
   */
  ask(): RpcPromise<any>;
}

/** An operation on one of the peer's objects, before it leaves. */
export interface OutgoingCall extends InterceptedCall {
  /** The context that the operation is sent with. It is empty for an operation of a stream. */
  readonly context: TravellingContext;
  /**
   * The options that the caller gave the operation, by `callOptions()` or by the session: none for
   * an operation of a stream. `signal` aborts if any of several does. For code that repeats calls.
   */
  readonly options: SeenOptions;
  /** Always `undefined`, because only the peer knows the class. */
  readonly target: undefined;
  /**
   * Tells `observer` the outcome of the operation, as `then` of the promise of `next()` does, but
   * takes less time. Call it between `next()` and the return of `call`.
   *
   * @throws DisposedError before `next()`
   *
   * @example
   * ```ts
   * call(call, next) {
   *   const promise = next();
   *   call.onOutcome({ succeeded: () => count("ok"), failed: () => count("failed") });
   *   return promise;
   * }
   * ```
   */
  onOutcome(observer: OutcomeObserver): void;
  /**
   * Watches whether the application uses the result: awaits it, calls something on it, or passes it
   * on. Call it before `call` returns. For code that looks for results that nothing awaits.
   *
   * @example
   * ```ts
   * call(call, next) {
   *   const use = call.watchUse();
   *   const promise = next();
   *   setTimeout(() => use.isUsed || console.warn(`Nothing awaits ${call.method}().`), 0);
   *   return promise;
   * }
   * ```
   */
  watchUse(): ResultUse;
}

/** An operation that the peer asks for, before it is carried out. */
export interface IncomingCall extends InterceptedCall {
  /**
   * The name of the class of the path's first object, `"function"` for a function,
   * `"WritableStream"` for a stream; `undefined` if the operation is passed on to another session.
   * The arguments of such an operation are passed on unchanged: promises in them aren't awaited.
   */
  readonly target: string | undefined;
  /**
   * The context that came with the operation, which `currentCall()` returns here and in the
   * method. To share the method's `signal`, read the context before your first `await`.
   */
  readonly context: CallContext;
  /**
   * The part of {@link context} that the peer sent. An interceptor that needs no more takes less
   * time with it, because it doesn't prepare the call to be cancelled.
   */
  readonly received: TravellingContext;
  /**
   * True once all interceptors have let the operation through. If it fails before that, nothing
   * tells whether anything has the names in its path.
   */
  readonly hasBegun: boolean;
}

/**
 * Code around the operations of a session. Give interceptors to a session with
 * `interceptors: intercept(a, b)`.
 *
 * @example
 * ```ts
 * const logging: Interceptor = {
 *   call(call, next) {
 *     console.log("->", call.kind, call.path.join("."));
 *     return next();
 *   },
 *   serve(call, next) {
 *     console.log("<-", call.kind, call.target, call.path.join("."));
 *     return next();
 *   },
 * };
 * ```
 */
export interface Interceptor {
  /**
   * Runs before an operation leaves. Call `next()` once, before you return, and return the promise
   * that it gives, or another `RpcPromise`. To refuse the operation, throw. Nothing is then sent,
   * or if it was, the result is given up. The application's promise rejects.
   *
   * To observe the outcome, pass two callbacks to `then` of the promise. That fetches nothing: if
   * the application doesn't await the result, no outcome comes, and the promise rejects with a
   * `CanceledError` when the result is given up. The value belongs to the application.
   *
   * @param call the operation
   * @param next sends the operation, or runs the next interceptor. `added` takes precedence over
   *   the operation's own context; operations of streams have none. It throws a TypeError or a
   *   LimitError for an invalid context, as `callOptions()` does
   */
  call?(call: OutgoingCall, next: (added?: AddedContext) => RpcPromise<any>): unknown;

  /**
   * Runs before an operation of the peer's is carried out, once its arguments are complete. Return
   * the result, or a promise of it, usually that of `next()`. To refuse the operation, throw. You
   * may wait before you call `next()`, but later operations then overtake this one. If no
   * interceptor waits, methods run in the order of their calls.
   *
   * @param call the operation
   * @param next carries out the operation, or runs the next interceptor, at most once. It returns
   *   the method's result unchanged, even if it is a promise, and throws the method's error
   */
  serve?(call: IncomingCall, next: () => unknown): unknown;
}
