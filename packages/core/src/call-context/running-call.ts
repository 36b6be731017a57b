import type { Budget } from "../budget.ts";
import { ServedScope } from "./served-scope.ts";
import type { CallSupport, RunningAccount } from "./support.ts";

/**
 * The account of the running method; `undefined` outside of methods. Everything else is passed on
 * explicitly. A method's own calls and `currentCall()` look it up here, because the method is the
 * application's code, which can't pass it on.
 */
let current: RunningAccount | undefined;

/**
 * The scope of the method that has just returned, if it had one and its result is still to come.
 */
let left: ServedScope | undefined;

/** Keeps a scope for everything that a function sets off, as `AsyncLocalStorage` does. */
export interface ScopeStore {
  run<T>(scope: ServedScope | undefined, callback: () => T): T;
  getStore(): ServedScope | undefined;
}

let store: ScopeStore | undefined;

/** Makes scopes last across `await`. */
export function installScopeStore(installed: ScopeStore): void {
  store = installed;
}

/** True if scopes last across `await`. */
export function keepsScopes(): boolean {
  return store !== undefined;
}

/** The scope of the running call, or of the call that the running code continues. */
export function currentScope(): ServedScope | undefined {
  return current === undefined ? store?.getStore() : scopeOfRunning(current);
}

/** Runs a callback as a part of the call of `scope`, or of no call. */
export function runWithin<T>(scope: ServedScope | undefined, callback: () => T): T {
  const outer = current;
  current = scope;
  try {
    return store ? store.run(scope, callback) : callback();
  } finally {
    current = outer;
  }
}

/** The scope of the running call, if it has one already. */
export function madeScope(): ServedScope | undefined {
  return current instanceof ServedScope ? current : undefined;
}

function scopeOfRunning(account: RunningAccount): ServedScope {
  if (account instanceof ServedScope) return account;
  const scope = new ServedScope(account);
  current = scope;
  return scope;
}

/** True if a result may still be to come. A function may be a promise of ours. */
function mayBePending(result: unknown): boolean {
  if (typeof result === "function") return true;
  return (
    typeof result === "object" && typeof (result as { then?: unknown } | null)?.then === "function"
  );
}

/**
 * Notes the end of a method's synchronous part. Its call is over too, unless the result is a
 * promise.
 */
function leave(
  scope: ServedScope,
  result: unknown,
  callee: { readonly name: string },
  target: unknown,
): ServedScope | undefined {
  if (mayBePending(result)) {
    scope.isOf(callee, target);
    return scope;
  }
  scope.end();
  return undefined;
}

/** Takes the scope of the method that has just returned a promise or function, if it needed one. */
export function takeScope(): ServedScope | undefined {
  const scope = left;
  left = undefined;
  return scope;
}

/** A separate function, because a closure would cost the function around it an allocation. */
function applyInStore(
  kept: ScopeStore,
  scope: ServedScope,
  callee: (...args: unknown[]) => unknown,
  thisArg: unknown,
  args: unknown[],
): unknown {
  return kept.run(scope, () => Reflect.apply(callee, thisArg, args));
}

/** Runs methods, and knows which one runs. */
export const RUNNING_CALLS: CallSupport = {
  apply(account, callee, thisArg, args) {
    const outer = current;
    current = account;
    let result: unknown;
    try {
      result = store
        ? applyInStore(store, scopeOfRunning(account), callee, thisArg, args)
        : Reflect.apply(callee, thisArg, args);
    } finally {
      const last = current;
      current = outer;
      // A method that asked for its context, or made calls, has a scope by now.
      if (last !== account) left = leave(last as ServedScope, result, callee, thisArg);
    }
    return result;
  },

  account(): Budget | undefined {
    // The usual case: the call isn't made by a method.
    if (current === undefined && store === undefined) return undefined;
    return currentScope()?.ofCalls;
  },
};
