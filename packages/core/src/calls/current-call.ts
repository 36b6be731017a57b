import "../contexts/install.ts";
import type { CallContext } from "../call-context/call-context.ts";
import { currentScope, keepsScopes } from "../call-context/running-call.ts";
import { NoCallError } from "../errors.ts";

/**
 * The context of the call that the running method is: its signal, deadline, metadata and session.
 *
 * It is there while the synchronous part of the method runs. Take it before the first `await`, or
 * import `@capnweb/core/async-context` on Node, Bun, Deno or workerd, which has it last.
 *
 * @returns the same object each time in one call
 * @throws NoCallError outside of a method that was called by way of a stub, and after an `await`
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
  const scope = currentScope();
  if (scope) return scope.context;
  throw new NoCallError(
    keepsScopes()
      ? "currentCall() was called outside of a call. Call it in a method, or in what a method awaits."
      : "currentCall() was called outside of a call, or after an await. Call it before the method's " +
          'first await, or import "@capnweb/core/async-context", where the runtime has ' +
          "AsyncLocalStorage.",
  );
}
