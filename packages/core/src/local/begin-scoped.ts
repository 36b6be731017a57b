import type { Payload } from "../model/payload.ts";
import type { Deferred } from "../promise/deferred.ts";
import type { WaitingCall } from "./pending-result.ts";

/**
 * Makes the result, still to come, of the call whose method has just returned a promise, if the
 * call has a scope.
 *
 * @throws LimitError for too many pending calls
 */
export type BeginScoped = (args: Payload, waiting?: WaitingCall) => Deferred | undefined;

/** Missing if contexts aren't a part of this program; see `call-context/support.ts`. */
export let beginScoped: BeginScoped | undefined;

/** Gives calls with scopes results that report to the scopes. */
export function installBeginScoped(installed: BeginScoped): void {
  beginScoped = installed;
}
