import { LimitError } from "@capnweb/core";
import { describe, expect, test } from "vitest";
import { type PlanLimitName, type PlanLimits, PlanRunner, validatePlan } from "../src/index.ts";
import { PROCESS } from "../src/run/session-work.ts";
import {
  call,
  connect,
  each,
  errorOf,
  Gate,
  op,
  param,
  result,
  runPlan,
  runThere,
  Tools,
  value,
  variable,
} from "./support.ts";

/** A plan that is within a limit of `at`, and over one of one less. */
interface Case {
  readonly limit: PlanLimitName;
  readonly at: number;
  readonly ops: readonly unknown[];
  readonly output: unknown;
  readonly params?: unknown;
}

const nothing = (number: number) => op("type", [value(1)], number);
const block = (ops: unknown[], number: number) => ({
  if: { cond: value(true), then: ops, else: [], value: [value(1), value(0)], result: number },
});
const LIST = [1, 2, 3, 4, 5];

const CASES: readonly Case[] = [
  { limit: "maxOperations", at: 3, ops: [block([nothing(0), nothing(1)], 2)], output: result(2) },
  { limit: "maxNesting", at: 2, ops: [block([block([], 1)], 2)], output: result(2) },
  { limit: "maxSteps", at: 3, ops: [nothing(0), nothing(1), nothing(2)], output: result(2) },
  // An operation, five elements, and an operation for each.
  {
    limit: "maxSteps",
    at: 11,
    ops: [each("map", [nothing(0)], result(0), 1)],
    output: result(1),
    params: LIST,
  },
  {
    limit: "maxIterations",
    at: 5,
    ops: [each("map", [], variable("x"), 1)],
    output: result(1),
    params: LIST,
  },
  {
    limit: "maxIterations",
    at: 5,
    ops: [each("loop", [], variable("x"), 1)],
    output: result(1),
    params: LIST,
  },
  {
    limit: "maxIterations",
    at: 5,
    ops: [each("reduce", [], variable("x"), 1, { acc: "sum", init: value(0) })],
    output: result(1),
    params: LIST,
  },
  // A text of 100 code units: the params, an argument and a result.
  {
    limit: "maxBytes",
    at: 3 * 208,
    ops: [call("echo", [param()], 0)],
    output: value(1),
    params: "x".repeat(100),
  },
  { limit: "maxResultBytes", at: 208, ops: [], output: param(), params: "x".repeat(100) },
  {
    limit: "maxCalls",
    at: 3,
    ops: [0, 1, 2].map((i) => call("later", [value(1)], i)),
    output: result(2),
  },
];

describe.each(CASES)("limits.$limit of $at", ({ limit, at, ops, output, params }) => {
  const run = (most: number) => {
    const limits: Partial<PlanLimits> = { [limit]: most };
    return runPlan(ops, output, { params, limits });
  };

  test("at and below", async () => {
    await run(at);
    await run(at * 10);
  });

  test("above", async () => {
    const error = await errorOf(run(at - 1));
    expect(error).toBeInstanceOf(LimitError);
    expect(error).toMatchObject({ code: "LIMIT", limit, data: { limit, most: at - 1 } });
    expect(error.message).toContain(`limits.${limit} of ${at - 1}`);
  });
});

test("a limit can't be caught", async () => {
  const tried = {
    try: {
      body: [each("loop", [nothing(0)], result(0), 1)],
      value: result(1),
      as: "failure",
      catch: [],
      otherwise: value("caught"),
      result: 2,
    },
  };
  const error = await errorOf(
    runPlan([tried], result(2), { params: LIST, limits: { maxSteps: 5 } }),
  );
  expect(error).toMatchObject({ data: { limit: "maxSteps" } });
});

test("wall time ends loops that compute, and calls that never end", async () => {
  const endless = {
    loop: {
      test: [],
      while: value(true),
      max: 1e9,
      body: [nothing(0)],
      value: value(1),
      result: 1,
    },
  };
  const limits = { maxTime: 20, maxSteps: Infinity, maxIterations: Infinity, maxBytes: Infinity };
  expect(await errorOf(runPlan([endless], result(1), { limits }))).toMatchObject({
    data: { limit: "maxTime" },
  });
  class Never extends Tools {
    never() {
      return new Promise(() => {});
    }
  }
  const call_ = call("never", [], 0);
  expect(await errorOf(runPlan([call_], result(0), { limits, target: new Never() }))).toMatchObject(
    {
      data: { limit: "maxTime" },
    },
  );
});

test("the size of a plan is counted before anything looks at it", () => {
  const plan = { ops: [], result: value("x".repeat(1_000)) };
  const error = (() => {
    try {
      validatePlan(plan, { maxPlanSize: 2_000 });
    } catch (thrown) {
      return thrown;
    }
  })();
  expect(error).toMatchObject({ code: "LIMIT", data: { limit: "maxPlanSize" } });
  validatePlan(plan, { maxPlanSize: 4_000 });
});

test("a session has a number of plans at once, and other sessions have theirs", async () => {
  const runner = new PlanRunner({ limits: { maxRuns: 2 } });
  const gate = new Gate();
  const [first, second] = [connect(gate, runner).stub, connect(new Gate(), runner).stub];
  const start = (stub: unknown) => runThere(stub, [call("wait", [], 0)], result(0));
  const running = [start(first), start(first)];
  await gate.entered;
  expect(await runThere(second, [], value("free"))).toBe("free");
  const error = await errorOf(start(first));
  expect(error.message).toContain("limits.maxRuns of 2");
  gate.open();
  expect(await Promise.all(running)).toEqual(["open", "open"]);
  expect(await start(first)).toBe("open");
});

test("calls under way are counted over all plans of a session", async () => {
  const runner = new PlanRunner({ limits: { maxCalls: 3 } });
  const gate = new Gate();
  const { stub } = connect(gate, runner);
  const start = () => runThere(stub, [call("wait", [], 0), call("wait", [], 1)], result(0));
  const running = start();
  await gate.entered;
  expect((await errorOf(start())).message).toContain("limits.maxCalls of 3");
  gate.open();
  expect(await running).toBe("open");
  expect(await start()).toBe("open");
});

/** Runs a plan that holds about 20,000 bytes until its gate is opened. */
const holding = (stub: unknown) =>
  runThere(stub, [call("wait", [], 0)], result(0), "x".repeat(10_000));

test("the bytes of all plans of a session are bounded, and given back at their end", async () => {
  const runner = new PlanRunner({ limits: { maxSessionBytes: 50_000 } });
  const [gate, other] = [new Gate(), new Gate()];
  const [first, second] = [connect(gate, runner).stub, connect(other, runner).stub];
  const running = [holding(first), holding(first), holding(second)];
  await Promise.all([gate.entered, other.entered]);
  expect(await errorOf(holding(first))).toMatchObject({ data: { limit: "maxSessionBytes" } });
  gate.open();
  other.open();
  expect(await Promise.all(running)).toEqual(["open", "open", "open"]);
  expect(await holding(first)).toBe("open");
  // Those that were stopped give theirs back as well.
  for (let i = 0; i < 5; i++) {
    const failing = runThere(first, [], param(), "x".repeat(30_000));
    expect(await errorOf(failing)).toMatchObject({ data: { limit: "maxSessionBytes" } });
  }
  expect(await holding(first)).toBe("open");
});

test("the bytes of all sessions are bounded, and a large one doesn't keep small ones out", async () => {
  const limits = { maxProcessBytes: 50_000 };
  // Runners of their own, as sessions have by default.
  const connectTo = (gate: Gate) => connect(gate, new PlanRunner({ limits })).stub;
  const [gate, other] = [new Gate(), new Gate()];
  const [large, small] = [connectTo(gate), connectTo(other)];
  const running = [holding(large), holding(large)];
  await gate.entered;
  const error = await errorOf(holding(large));
  expect(error).toMatchObject({ data: { limit: "maxProcessBytes", most: 50_000 } });
  const besides = holding(small);
  await other.entered;
  expect(await errorOf(holding(large))).toMatchObject({ data: { limit: "maxProcessBytes" } });
  other.open();
  expect(await besides).toBe("open");
  gate.open();
  expect(await Promise.all(running)).toEqual(["open", "open"]);
  expect(PROCESS).toMatchObject({ bytes: 0, sessions: 0 });
});

test("limits are checked when a runner is made", () => {
  expect(() => new PlanRunner({ limits: { maxStep: 1 } as any })).toThrow("limits.maxStep");
  expect(() => new PlanRunner({ limits: { maxSteps: -1 } })).toThrow("limits.maxSteps");
  expect(() => new PlanRunner({ limit: {} } as any)).toThrow("limit");
});
