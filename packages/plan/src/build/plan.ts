import { MapError, RpcStub } from "@capnweb/core";
import { PlanBuildError } from "../errors.ts";
import type { PlanJson, Source } from "../shape/plan-json.ts";
import type { PlanBuilder } from "./builder.ts";
import { makeBuilder } from "./make-builder.ts";
import { type Build, makePlan } from "./make-plan.ts";
import { type PlanOptions, requireKnown } from "./options.ts";
import type { Plan } from "./plan-type.ts";
import { Recorder, refusePromise, requireCallback } from "./recorder.ts";
import type { P, Planned } from "./types.ts";

/**
 * Makes a plan. The callback runs once, now, with placeholders, and what it does is recorded.
 *
 * @typeParam Api the type behind the stub that the plan runs on: an object, not a list
 * @returns a function that takes the callback. (The types of params and result are inferred, which
 *   TypeScript doesn't do beside a type that is given.)
 * @throws PlanBuildError for what a plan can't hold
 * @throws PlaceholderError for a placeholder that is used as a value
 * @throws TypeError for an unknown option
 *
 * @example
 * ```ts
 * const overdue = plan<Api>()(($, api, p: P<{ days: number }>) =>
 *   $.filter(api.invoices(), (i) => $.gt(i.age, p.days)).map((i) =>
 *     $.if(i.customer.vip, () => i.customer.manager.notify(i.id), () => null),
 *   ),
 * );
 * const results = await overdue(api, { days: 30 });
 * ```
 */
export function plan<Api extends object>(options: PlanOptions = {}) {
  if (typeof options === "function") {
    throw new PlanBuildError("plan() takes its callback in a second call: plan<Api>()(callback).");
  }
  requireKnown(options, ["name"]);
  return <R, Params = undefined>(
    build: ($: PlanBuilder, api: P<Api>, params: P<Params>) => R,
  ): Plan<Api, Params, Planned<R>> => {
    requireCallback("plan()", build);
    const recorder = new Recorder();
    const result = notCalling(recorder, () =>
      recorder.source(buildWith(recorder, build as Build, API, PARAMS)),
    );
    const json: PlanJson = {
      v: 1,
      ...(options.name === undefined ? {} : { name: options.name }),
      ops: recorder.root.ops,
      result,
    };
    recorder.isOver = true;
    return makePlan(json, recorder.captures, build as Build);
  };
}

/**
 * Makes a plan of its wire shape: of a stored plan, for example.
 *
 * @param json stays unchanged
 * @param captures the stubs that it uses besides its `api`. They stay yours
 * @throws PlanError for a value that isn't a plan
 *
 * @example
 * ```ts
 * const text = serialize(overdue.toJSON()); // of @capnweb/wire
 * const again = planFrom<Api, { days: number }, unknown[]>(deserialize(text) as PlanJson);
 * ```
 */
export function planFrom<Api extends object, Params = undefined, Result = unknown>(
  json: PlanJson,
  captures: readonly unknown[] = [],
): Plan<Api, Params, Result> {
  return makePlan(json, captures, undefined);
}

const API = { capture: { index: 0 } } as const;
const PARAMS = { param: { path: [] } } as const;

function buildWith(recorder: Recorder, build: Build, api: typeof API, params: typeof PARAMS) {
  const root = recorder.root;
  const result = build(
    makeBuilder(recorder),
    recorder.placeholder(api, "api", root),
    recorder.placeholder(params, "params", root),
  );
  return refusePromise(result);
}

/**
 * Runs a callback in which a call on a stub throws if it has a placeholder as an argument. The call
 * would be made at once, and nothing would tell that it failed. Inside a `map()`, the arguments of
 * calls are looked at immediately. Results of such calls are placeholders of that `map()`, which
 * another one refuses.
 */
function notCalling(recorder: Recorder, callback: () => Source): Source {
  using nothing = new RpcStub({});
  const record = (inside: () => unknown) => nothing.map(inside)[Symbol.dispose]();
  let result!: Source;
  try {
    record(() => {
      result = callback();
      return null;
    });
    record(() => recorder.captures);
  } catch (error) {
    if (!(error instanceof MapError)) throw error;
    const message =
      "A call on a stub from outside of the plan is made at once, without placeholders and " +
      "callbacks, and the plan can't use its result. Use $.use(stub).";
    throw new PlanBuildError(message, { cause: error });
  }
  return result;
}
