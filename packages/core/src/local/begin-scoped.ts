import type { Payload } from "../model/payload.ts";
import type { Deferred } from "../promise/deferred.ts";
import type { WaitingCall } from "./pending-result.ts";

/**
 * Gives the result, still to come, of the call whose method has just returned a promise, if the
 * call has a scope.
 *
 * @throws LimitError for too many calls that are pending
 */
export type BeginScoped = (args: Payload, waiting?: WaitingCall) => Deferred | undefined;

/** Missing where contexts aren't a part of this program: see `call-context/support.ts`. */
export let beginScoped: BeginScoped | undefined;

/** Has calls with scopes have results that tell these. */
export function installBeginScoped(installed: BeginScoped): void {
  beginScoped = installed;
}
