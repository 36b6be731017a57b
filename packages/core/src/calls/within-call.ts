import "../contexts/install.ts";
import type { CallContext } from "../call-context/call-context.ts";
import { runWithin } from "../call-context/running-call.ts";
import { ServedContext } from "../call-context/served-scope.ts";

/**
 * Runs a callback as a part of a call, for code that goes on after an `await`, and for libraries
 * that do work for a call later. `currentCall()` then returns the context, and the calls that the
 * callback makes belong to the call: they have its session, deadline, metadata and trace, and are
 * cancelled with it.
 *
 * Without `@capnweb/core/async-context`, this holds until the callback returns or first awaits.
 *
 * @param context from `currentCall()`; `undefined` for work that belongs to no call
 * @param callback called at once
 * @returns the result of `callback`
 * @throws TypeError for an object that isn't from `currentCall()`, and the error of `callback`
 *
 * @example
 * ```ts
 * class Orders extends RpcTarget {
 *   async ship(id: number) {
 *     const call = currentCall();
 *     const order = await db.order(id);
 *     return await withinCall(call, () => this.#carrier.ship(order));
 *   }
 * }
 * ```
 */
export function withinCall<T>(context: CallContext | undefined, callback: () => T): T {
  const scope = context && ServedContext.scopeOf(context);
  if (context && !scope) throw new TypeError("withinCall() takes a context of currentCall().");
  return runWithin(scope, callback);
}
