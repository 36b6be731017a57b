import { RpcStub, RpcTarget } from "@capnweb/core";
import { DEFAULT_PLAN_LIMITS, type PlanJson, PlanRunner } from "@capnweb/plan";
import { printTable, processorTimesOf } from "./ways.ts";

const ITERATIONS = 2_000;
const ADDITIONS = 20;
const ROUNDS = 20;

class Target extends RpcTarget {
  echo(value: unknown): unknown {
    return value;
  }
}

const NUMBERS = Array.from({ length: ITERATIONS }, (_, i) => i);
const unlimited = Object.fromEntries(
  Object.keys(DEFAULT_PLAN_LIMITS).map((name) => [name, Infinity]),
);
const runner = new PlanRunner({ limits: { ...unlimited, maxTime: 60_000 } });
const target = new RpcStub(new Target());

/** A plan that repeats a body, in order or all at once. */
function repeat(kind: "loop" | "map", body: readonly object[], value: object): PlanJson {
  return {
    ops: [{ [kind]: { over: { param: { path: [] } }, as: "x", body, value, result: 0 } }],
    result: { byValue: { value: null } },
  } as unknown as PlanJson;
}

const x = { var: { name: "x" } };
const additions = Array.from({ length: ADDITIONS }, (_, i) => ({
  op: { name: "add", args: [i === 0 ? x : { result: { index: i } }, x], result: i + 1 },
}));
const call = { call: { target: { capture: 0 }, member: "echo", args: [x], result: 1 } };
const called = { result: { index: 1 } };

const PLANS = {
  nothing: repeat("loop", [], x),
  pure: repeat("loop", additions, x),
  inOrder: repeat("loop", [call], called),
  atOnce: repeat("map", [call], called),
};

const run = (plan: PlanJson) => runner.run(plan, NUMBERS, [target]);

/** The time of one pure step and of one call, in a runner without a session. */
export async function measureSteps(): Promise<void> {
  const times = await processorTimesOf(
    {
      nothing: () => run(PLANS.nothing),
      pure: () => run(PLANS.pure),
      inOrder: () => run(PLANS.inOrder),
      atOnce: () => run(PLANS.atOnce),
      "calls without a plan": async () => {
        for (const number of NUMBERS) await target.echo(number);
      },
    },
    ROUNDS,
  );
  const perIteration = (name: string) => (times[name]! * 1_000) / ITERATIONS;
  const empty = perIteration("nothing");
  printTable(
    `Runner: µs of processor time, with ${ITERATIONS} iterations`,
    ["     µs"],
    {
      "a pure step (add)": [(perIteration("pure") - empty) / ADDITIONS],
      "an iteration": [empty],
      "a call, awaited one by one": [perIteration("inOrder") - empty],
      "a call, in a map": [perIteration("atOnce") - empty],
      "the same call, awaited by JavaScript": [perIteration("calls without a plan")],
    },
    2,
  );
}
