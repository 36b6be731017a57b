import type { Budget } from "../budget.ts";
import type { Carried } from "./carried.ts";
import { CallScope } from "./scope.ts";

/** The scope that calls of an account belong to. Only calls that this side makes have one. */
export function scopeOf(account: Budget | null | undefined): CallScope | undefined {
  const root = account?.root;
  return root instanceof CallScope ? root : undefined;
}

/** The context with which calls of an account travel. */
export function carriedBy(account: Budget | null | undefined): Carried | undefined {
  return account?.root.carried;
}
