import type { StubHook } from "../model/hook.ts";
import type { Payload } from "../model/payload.ts";
import type { Deferred } from "../promise/deferred.ts";
import type { WaitingCall } from "./pending-result.ts";

/** Ties a result to the scope of its call, which ends once the result is there or given up. */
export type TieResult = (result: StubHook) => void;

/** The results, still to come, of calls with scopes. */
export interface ScopedResults {
  /**
   * Makes the result of the call whose method has just returned a promise, if the call has a scope.
   *
   * @throws LimitError for too many pending calls
   */
  begin(args: Payload, waiting?: WaitingCall): Deferred | undefined;
  /** Takes the scope, if there is one, of the method that has just returned a stub or promise. */
  take(): TieResult | undefined;
}

/** Missing if contexts aren't a part of this program; see `call-context/support.ts`. */
export let scopedResults: ScopedResults | undefined;

/** Gives calls with scopes results that report to the scopes. */
export function installScopedResults(installed: ScopedResults): void {
  scopedResults = installed;
}
