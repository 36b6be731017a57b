import "../contexts/install.ts";
import type { CallContext } from "../call-context/call-context.ts";
import { currentScope, keepsScopes } from "../call-context/running-call.ts";
import { NoCallError } from "../errors.ts";

/**
 * Returns the context of the running method's call: its signal, deadline, metadata and session.
 *
 * The context is available during the synchronous part of the method. Take it before the first
 * `await`, or import `@capnweb/core/async-context` on Node, Bun, Deno or workerd, which keeps it
 * across `await`.
 *
 * @returns the same object each time in one call
 * @throws NoCallError outside of a method that was called through a stub, and after an `await`
 *
 * @example
 * ```ts
 * class Users extends RpcTarget {
 *   async list() {
 *     const { signal } = currentCall();
 *     return db.query("select * from users", { signal });
 *   }
 * }
 * ```
 */
export function currentCall(): CallContext {
  const context = findCurrentCall();
  if (context) return context;
  throw new NoCallError(
    keepsScopes()
      ? "currentCall() was called outside of a call. Call it in a method, or in what a method " +
          "awaits."
      : "currentCall() was called outside of a call, or after an await. Call it before the " +
          'method\'s first await, or import "@capnweb/core/async-context", where the runtime ' +
          "has AsyncLocalStorage.",
  );
}

/**
 * Returns the context of the running method's call, as {@link currentCall} does, for code that also
 * runs outside of calls.
 *
 * @returns the same object each time in one call; `undefined` outside of one
 *
 * @example
 * ```ts
 * const log = (text: string) => console.log(findCurrentCall()?.metadata["user"], text);
 * ```
 */
export function findCurrentCall(): CallContext | undefined {
  return currentScope()?.context;
}
