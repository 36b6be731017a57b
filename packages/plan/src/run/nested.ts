import type { RpcStub } from "@capnweb/core";
import { targetOf } from "@capnweb/core/server";
import type { Run } from "./run.ts";

/** Runs a plan as a part of another, whose limits it shares. */
export type NestedRun = (outer: Run, args: readonly unknown[]) => Promise<unknown>;

/** The methods of a runner that a plan calls in this way. No peer can name a symbol. */
export const NESTED: unique symbol = Symbol("nested plans");

/** The target of a stub, if it is a runner. */
interface Nesting {
  readonly [NESTED]?: (member: string) => NestedRun | undefined;
}

/**
 * The method of a runner of this process, for a call that a plan makes on it. Otherwise, each plan
 * could run others with limits of their own, and a small one could cost any amount.
 */
export function runOf(stub: RpcStub<any>, member: string | undefined): NestedRun | undefined {
  if (member !== "run" && member !== "runPrepared" && member !== "prepare") return undefined;
  return (targetOf(stub) as Nesting | undefined)?.[NESTED]?.(member);
}
