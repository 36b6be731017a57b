import type { RpcPromise, RpcStub } from "@capnweb/core";
import type { PlanRunner } from "../runner.ts";
import type { PlanJson } from "../shape/plan-json.ts";
import type { RunOptions } from "./options.ts";
import type { P, Planable } from "./types.ts";

type Last<Params> = undefined extends Params
  ? [params?: Params, options?: RunOptions]
  : [params: Params, options?: RunOptions];

/**
 * A plan: steps that run where the data is, in one round trip. Call it to run it.
 *
 * Inside another plan's callback, call it with placeholders: its steps become part of that plan.
 *
 * @typeParam Api the type behind the stub that it runs on
 * @typeParam Params the type of its parameters
 * @typeParam Result the type of its result
 */
export interface Plan<Api, Params, Result> {
  /**
   * Runs the plan.
   *
   * @param api the stub that the plan's `api` stands for, not of a list. It stays yours
   * @param params the values that its `params` stand for: data, and stubs, which stay yours
   * @returns the promise of the result. Dispose of it to stop the plan. You own the capabilities in
   *   the result
   * @throws NoRunnerError (as a rejection) if the plan needs a runner, and the server has none
   */
  (api: RpcStub<Api>, ...last: Last<Params>): RpcPromise<Result>;
  (
    api: P<Api>,
    ...params: undefined extends Params ? [Planable<Params>?] : [Planable<Params>]
  ): P<Result>;
  // The first again: TypeScript explains the last one in its messages, and infers from it.
  (api: RpcStub<Api>, ...last: Last<Params>): RpcPromise<Result>;
  /**
   * The way it travels: as `remap`, which every peer runs, or to a runner. Only calls, properties,
   * objects, lists and maps without an index can be a `remap`.
   */
  readonly tier: "remap" | "runner";
  /** The name that it was given. */
  readonly planName: string | undefined;
  /** The stubs from outside that it uses, besides its `api`. */
  readonly captures: readonly unknown[];
  /**
   * Sends the plan to a runner, which keeps it. The result runs it there by its hash. If the runner
   * has forgotten the plan, the result sends it again.
   *
   * @param runner stays yours, and must live as long as the result is used
   * @throws PlanError, LimitError as the runner's `prepare` does
   */
  prepare(runner: RpcStub<PlanRunner>): Promise<PreparedPlan<Api, Params, Result>>;
  /** The wire shape. Literals in it may be dates and other values that JSON lacks. */
  toJSON(): PlanJson;
  /** Readable pseudo-code. */
  toString(): string;
}

/** A plan that a runner keeps: see `plan.prepare()`. */
export interface PreparedPlan<Api, Params, Result> {
  (api: RpcStub<Api>, ...params: undefined extends Params ? [Params?] : [Params]): Promise<Result>;
  /** The hash of the plan. */
  readonly hash: string;
}
