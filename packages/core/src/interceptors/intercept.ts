import "../contexts/install.ts";
import type { SessionParts } from "../session/base-session.ts";
import type { Interception } from "../session/interception.ts";
import type { RpcSessionOptions } from "../session/options.ts";
import type { OutgoingHost } from "../session/outgoing.ts";
import type { Transport } from "../transport.ts";
import { InterceptedOutgoing } from "./intercepted-outgoing.ts";
import type { Interceptor } from "./interceptor.ts";
import type { CallInterceptor } from "./outgoing-operation.ts";
import type { ServeInterceptor } from "./served-operation.ts";
import { ServingChain } from "./serving-chain.ts";

/**
 * Puts interceptors around the operations of a session: the value of the session option
 * `interceptors`. A program without interceptors doesn't contain the code that runs them.
 *
 * @param interceptors run in this order, the first one outermost. An interceptor may serve
 *   several sessions: `call.session` tells them apart
 * @throws TypeError for a value that isn't an interceptor
 *
 * @example
 * ```ts
 * const api = newWebSocketRpcSession<Api>("wss://example.com/api", undefined, {
 *   interceptors: intercept(tracing, {
 *     call(call, next) {
 *       if (call.method === "delete") throw new Error("This client only reads.");
 *       return next();
 *     },
 *   }),
 * });
 * ```
 */
export function intercept(...interceptors: readonly Interceptor[]): Interception {
  interceptors.forEach(requireInterceptor);
  return interceptionOf(interceptors);
}

/** The listeners of an interception. */
type Listeners = Pick<Interception, "starting" | "broken">;

function interceptionOf(
  interceptors: readonly Interceptor[],
  listeners: Listeners = {},
): Interception {
  const calls = interceptors.filter((each): each is CallInterceptor => each.call !== undefined);
  const serves = interceptors.filter((each): each is ServeInterceptor => each.serve !== undefined);
  return {
    ...listeners,
    interceptors,
    around(inner) {
      const all = [...interceptors, ...(inner.interceptors as Interceptor[])];
      return interceptionOf(all, both(listeners, inner));
    },
    outgoing(session, transport: Transport, options: RpcSessionOptions) {
      listeners.starting?.(options);
      if (calls.length === 0) return undefined;
      const host = session as OutgoingHost & SessionParts;
      return new InterceptedOutgoing(calls, host, transport, options);
    },
    serving(session) {
      return serves.length === 0 ? undefined : new ServingChain(serves, session as SessionParts);
    },
  };
}

function both(outer: Listeners, inner: Listeners): Listeners {
  return {
    starting(options) {
      outer.starting?.(options);
      inner.starting?.(options);
    },
    broken(direction) {
      outer.broken?.(direction);
      inner.broken?.(direction);
    },
  };
}

function requireInterceptor(interceptor: Interceptor, i: number): void {
  // Excludes functions, which have a `call` as well.
  const { call, serve } = typeof interceptor === "object" ? (interceptor ?? {}) : {};
  const isFunctionIfAny = (each: unknown) => each === undefined || typeof each === "function";
  if ((call ?? serve) !== undefined && isFunctionIfAny(call) && isFunctionIfAny(serve)) return;
  throw new TypeError(
    `Argument ${i} of intercept() is no interceptor: it needs a function call(), serve() or both.`,
  );
}
