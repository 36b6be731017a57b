import { type CallContext, currentCall, NoCallError } from "@capnweb/core";

/** The context of the call that runs a plan; `undefined` if it isn't called through a stub. */
export function contextOfCall(): CallContext | undefined {
  try {
    return currentCall();
  } catch (error) {
    if (error instanceof NoCallError) return undefined;
    throw error;
  }
}
