import type { Budget } from "../budget.ts";

/** The account of a running call, or its scope once one is needed; `null` if it has neither. */
export type RunningAccount = Budget | null;

/** The contexts of running calls, and of the calls that they make. */
export interface CallSupport {
  /** Calls a method, with `account` as its account. */
  apply(
    account: RunningAccount,
    callee: (...args: unknown[]) => unknown,
    thisArg: unknown,
    args: unknown[],
  ): unknown;
  /** Returns the account of a call that is being made, which belongs to the surrounding call. */
  account(): Budget | undefined;
}

/**
 * The support of contexts, if it is a part of this program. It is set on import, for the sake of
 * bundles: a client that uses no contexts doesn't contain their code, and doesn't announce the
 * extension.
 */
export let support: CallSupport | undefined;

/** Gives contexts to running calls. */
export function installSupport(installed: CallSupport): void {
  support = installed;
}
