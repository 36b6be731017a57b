import type { CallContext } from "../call-context/call-context.ts";
import type { CallOptions } from "../call-context/call-options.ts";
import type { BaseSession } from "../session/base-session.ts";
import type { RpcPromise } from "../types/index.ts";

/**
 * The kind of an operation:
 * - `"call"`: of a method, or of a function
 * - `"get"`: the read of a property
 * - `"map"`: a `map()`. The calls and reads that it makes, for each element, are operations of
 *   their own where they are served
 * - `"stream"`: a `write`, `close` or `abort` of a stream's writing end
 */
export type OperationKind = "call" | "get" | "map" | "stream";

/** An operation, as an {@link Interceptor} sees it. */
export interface InterceptedCall {
  readonly kind: OperationKind;
  /**
   * The names that lead from the object that the operation is made on to the method or property.
   * Those that a peer sent may be anything.
   */
  readonly path: readonly (string | number)[];
  /** The last name of the path; `undefined` where the object itself is called or mapped. */
  readonly method: string | undefined;
  /**
   * The arguments, or the chunk; empty for others. They belong to the operation: don't change them,
   * and `dup()` stubs that are kept.
   */
  readonly args: readonly unknown[];
  /** The session that the operation leaves or arrives by. */
  readonly session: BaseSession<any>;
}

/** The part of a call's context that travels with it; see {@link CallContext}. */
export type TravellingContext = Pick<
  CallContext,
  "deadline" | "metadata" | "traceparent" | "tracestate"
>;

/** The context that an interceptor adds to a call. */
export type AddedContext = Pick<CallOptions, "metadata" | "traceparent" | "tracestate">;

/** An operation on something of the peer's, before it leaves. */
export interface OutgoingCall extends InterceptedCall {
  /** The context that it leaves with; that of a stream's operation is empty. */
  readonly context: TravellingContext;
  /** Only the peer knows the class. */
  readonly target: undefined;
}

/** An operation that the peer asks for, before it is carried out. */
export interface IncomingCall extends InterceptedCall {
  /**
   * The name of the class of the object that the path starts at, `"function"` for a function,
   * `"WritableStream"` for a stream; `undefined` if the operation is passed on to another session.
   * The arguments of such an operation are passed on as they are: promises in them aren't awaited.
   */
  readonly target: string | undefined;
  /**
   * The context that came with it, which is that of the method: see `currentCall()`. Read it before
   * the first `await` to have the method's own `signal`.
   */
  readonly context: CallContext;
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
   * Runs before an operation leaves. It calls `next()` once, before it returns, and returns the
   * promise that this gives, or another `RpcPromise`. To refuse the operation, it throws: nothing
   * is sent then, or the result is given up if it was, and the application's promise rejects.
   *
   * To look at the outcome, pass two callbacks to `then` of the promise. That asks for nothing: if
   * the application doesn't await the result, no outcome comes, and the promise rejects with a
   * `CanceledError` when the result is given up. The value belongs to the application.
   *
   * @param next sends the operation, or has the next interceptor do so. `added` goes before the
   *   context that the operation has; operations of streams have none. Throws a TypeError or a
   *   LimitError for a wrong one, as `callOptions` does
   */
  call?(call: OutgoingCall, next: (added?: AddedContext) => RpcPromise<any>): unknown;

  /**
   * Runs before an operation of the peer's is carried out, once its arguments are complete. It
   * returns the result, or a promise of it, mostly that of `next()`. To refuse the operation, it
   * throws. It may wait before it calls `next()`, but then later operations overtake this one: if
   * no interceptor waits, methods run in the order of their calls.
   *
   * @param next carries the operation out, or has the next interceptor do so, at most once; gives
   *   the method's result as the method returned it, a promise too, and throws what the method
   *   throws
   */
  serve?(call: IncomingCall, next: () => unknown): unknown;
}
