import type { Budget } from "../budget.ts";

/** The account of a running call, or its scope once one is needed; `null` where it has neither. */
export type RunningAccount = Budget | null;

/** The contexts of calls that run, and of the calls that they make. */
export interface CallSupport {
  /** Calls a method, with `account` as its account. */
  apply(
    account: RunningAccount,
    callee: (...args: unknown[]) => unknown,
    thisArg: unknown,
    args: unknown[],
  ): unknown;
  /** Says which method the running call is of, where another function was applied. */
  isOf(callee: { readonly name: string }, target: unknown): void;
  /** The account of a call that is being made: it belongs to the call around it. */
  account(): Budget | undefined;
}

/**
 * The support of contexts, if it is a part of this program. It is filled in on import, because of
 * bundles: a client that uses no contexts has no code for them, and doesn't announce the extension.
 */
export let support: CallSupport | undefined;

/** Has running calls have contexts. */
export function installSupport(installed: CallSupport): void {
  support = installed;
}
