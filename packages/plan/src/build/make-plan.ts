import type { RpcPromise, RpcStub } from "@capnweb/core";
import { PlanBuildError } from "../errors.ts";
import { readPlan } from "../read/read-plan.ts";
import type { PlanTree } from "../read/tree.ts";
import { isStub } from "../run/paths.ts";
import type { PlanRunner } from "../runner.ts";
import { SERVICE } from "../service.ts";
import type { PlanJson } from "../shape/plan-json.ts";
import type { PlanBuilder } from "./builder.ts";
import { explain, explained, hasCode } from "./explain.ts";
import { isLowerable, Lowering } from "./lower.ts";
import { makeBuilder } from "./make-builder.ts";
import { type RunOptions, requireKnown } from "./options.ts";
import type { Plan } from "./plan-type.ts";
import { handleOf, type Recorder, refusePromise } from "./recorder.ts";
import { textOf } from "./to-text.ts";

/** The callback of a plan. */
export type Build = ($: PlanBuilder, api: unknown, params: unknown) => unknown;

/**
 * Makes the function that runs a plan.
 *
 * @param build records the plan again, inside of others; `undefined` for a stored plan
 */
export function makePlan(
  json: PlanJson,
  captures: readonly unknown[],
  build: Build | undefined,
): Plan<any, any, any> {
  const tree = readPlan(json);
  const tier = isLowerable(tree) ? "remap" : "runner";
  const run = (api: any, params?: unknown, options: RunOptions = {}): unknown => {
    const recorder = handleOf(api)?.recorder;
    if (recorder) return include(recorder, build, api, params);
    requireStub(api);
    requireKnown(options, ["runner", "tier"]);
    if (tier === "remap" && options.tier === undefined) return lower(tree, api, params, captures);
    const runner: any = requireRunner(options.runner ?? api[SERVICE]);
    return explained(runner.run(json, params, [api, ...captures]));
  };
  return Object.assign(run, {
    tier,
    planName: json.name,
    captures,
    prepare: (runner: RpcStub<PlanRunner>) => prepare(json, captures, runner as any),
    toJSON: () => json,
    toString: () => textOf(tree),
  }) as unknown as Plan<any, any, any>;
}

function requireStub(api: unknown): void {
  if (isStub(api)) return;
  throw new TypeError("A plan runs on a stub. Make one of an object with new RpcStub(object).");
}

function requireRunner(runner: unknown): any {
  if (isStub(runner)) return runner;
  throw new TypeError("A plan is sent to the stub of a PlanRunner, such as api.$plans.");
}

/** Sends the plan as the callback of a `map()`. */
function lower(
  tree: PlanTree,
  api: any,
  params: unknown,
  captures: readonly unknown[],
): RpcPromise<any> {
  return api.map((placeholder: unknown) =>
    new Lowering(params, [placeholder, ...captures]).record(tree),
  );
}

/** Makes the steps of a plan a part of another plan. */
function include(
  recorder: Recorder,
  build: Build | undefined,
  api: unknown,
  params: unknown,
): unknown {
  if (!build) throw new PlanBuildError("A plan of planFrom() can't be a part of another plan.");
  const given = recorder.placeholder(recorder.source(params), "params");
  const result = refusePromise(build(makeBuilder(recorder), api, given));
  return recorder.placeholder(recorder.source(result), "the result of a plan");
}

async function prepare(json: PlanJson, captures: readonly unknown[], runner: any) {
  const hash: string = await requireRunner(runner).prepare(json).catch(explain);
  const run = async (api: unknown, params?: unknown): Promise<unknown> => {
    requireStub(api);
    const all = [api, ...captures];
    const send = () => runner.runPrepared(hash, params, all);
    return await send()
      .catch((error: unknown) => {
        if (!hasCode(error, "PLAN_UNKNOWN")) throw error;
        // The runner refuses before anything runs, so nothing runs twice.
        return runner.prepare(json).then(send);
      })
      .catch(explain);
  };
  return Object.assign(run, { hash });
}
