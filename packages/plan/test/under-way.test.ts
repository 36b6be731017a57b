import { callOptions, RpcStub } from "@capnweb/core";
import { describe, expect, test } from "vitest";
import { batched } from "../src/batched/index.ts";
import { PlanRunner } from "../src/index.ts";
import { PROCESS } from "../src/run/session-work.ts";
import {
  Cancellable,
  call,
  connect,
  each,
  errorOf,
  Gate,
  Item,
  op,
  param,
  result,
  runThere,
  Tools,
  value,
  variable,
} from "./support.ts";

/** Attacks on plans that are under way. */

const CLEAN = { imports: 1, exports: 1 };

/** Waits until a plan has given back everything, whatever it ended with. */
async function expectNothingLeft(session: { getStats(): unknown }): Promise<void> {
  await expect.poll(() => session.getStats()).toEqual(CLEAN);
  await expect.poll(() => ({ ...PROCESS })).toEqual({ bytes: 0, sessions: 0 });
}

const endless = (body: unknown[], number: number) => ({
  loop: {
    test: [],
    while: value(true),
    max: 2 ** 40,
    body,
    value: value(null),
    result: number,
  },
});
const unlimited = {
  maxSteps: Infinity,
  maxIterations: Infinity,
  maxBytes: Infinity,
  maxSessionBytes: Infinity,
};

test("captures and params that their owner gives up in the middle still work until the end", async () => {
  const gate = new Gate();
  const { stub, link, server } = connect(gate);
  const events: string[] = [];
  const [captured, passed] = [new Item("captured", events), new Item("passed", events)].map(
    (item) => new RpcStub(item),
  );
  const ops = [
    call("wait", [], 0),
    op("type", [result(0)], 1),
    call("name", [], 2, { capture: { index: 1 } }),
    call("name", [], 3, param("item")),
    { array: { items: [result(2), result(3)], result: 4 } },
  ];
  const plan = { ops, result: result(4) };
  const running = stub.$plans.run(plan, { item: passed }, [stub, captured]).then();
  await gate.entered;
  captured![Symbol.dispose]();
  passed![Symbol.dispose]();
  await link.settle();
  expect(events).toEqual([]);
  gate.open();
  expect(await running).toEqual(["captured", "passed"]);
  await link.settle();
  expect(events.sort()).toEqual(["disposed captured", "disposed passed"]);
  await expectNothingLeft(server);
});

test("a capability of the server that is given up in the middle fails the calls on it", async () => {
  const gate = new Gate();
  class Lender extends Tools {
    readonly lent = new RpcStub(new Item("lent", this.events));
    lend() {
      return { item: this.lent.dup() };
    }
    wait() {
      return gate.wait();
    }
  }
  const main = new Lender();
  const { stub, server } = connect(main);
  const ops = [
    call("lend", [], 0),
    call("wait", [], 1),
    op("type", [result(1)], 2),
    { get: { target: result(0), path: ["item"], result: 3 } },
    call("name", [], 4, result(3)),
  ];
  const running = runThere(stub, ops, result(4));
  await gate.entered;
  // The plan has a reference of its own.
  main.lent[Symbol.dispose]();
  gate.open();
  expect(await running).toBe("lent");
  await expect.poll(() => main.events).toEqual(["disposed lent"]);
  await expectNothingLeft(server);
});

describe("a session that ends stops a plan that", () => {
  const text = call("text", [value(3_000_000)], 0);
  const numbers = op("range", [value(100_000)], 0);
  test.each<[string, unknown[]]>([
    ["computes", [endless([op("add", [value(1), value(1)], 0)], 1)]],
    ["is inside of an operator", [text, endless([op("lowerAscii", [result(0)], 1)], 2)]],
    ["compares", [numbers, endless([op("eq", [result(0), result(0)], 1)], 2)]],
    ["counts arguments", [numbers, endless([call("echo", [result(0)], 1)], 2)]],
    ["counts results", [endless([call("list", [value(50_000)], 1)], 2)]],
    [
      "maps",
      [numbers, each("map", [call("item", [value("x")], 1)], result(1), 2, { over: result(0) })],
    ],
    ["waits for calls", [call("never", [value(1)], 0), call("item", [value("x")], 1)]],
  ])("%s", async (_name, ops) => {
    const main = new Cancellable();
    const runner = new PlanRunner({ limits: { ...unlimited, maxCalls: Infinity } });
    const { stub, link, server } = connect(main, runner);
    const { stub: other } = connect(new Tools(), runner);
    const running = runThere(stub, [call("note", [value("began")], 9), ...ops], value(1));
    const failed = errorOf(running);
    await expect.poll(() => main.events).toContain("began");
    // The other session isn't held up by the plan.
    expect(await other.list(1)).toEqual([0]);
    link.cut(new Error("gone"));
    expect((await failed).message).toBe("gone");
    await expect.poll(() => ({ ...PROCESS })).toEqual({ bytes: 0, sessions: 0 });
    const made = main.events.length;
    expect(await other.list(1)).toEqual([0]);
    expect(main.events.slice(made).filter((event) => !event.startsWith("disposed"))).toEqual([]);
    await expect.poll(() => server.getStats()).toEqual({ imports: 0, exports: 0 });
  });
});

describe("prepared plans", () => {
  const waiting = { ops: [call("wait", [], 0)], result: result(0) } as any;
  const prepare = (stub: any, text: string) =>
    stub.$plans.prepare({ ops: [], result: value(text) });
  const isKept = (stub: any, hash: string) =>
    stub.$plans.runPrepared(hash).then(
      () => true,
      (error: any) => error.code !== "PLAN_UNKNOWN",
    );

  test("that are forgotten while they run go on", async () => {
    const gate = new Gate();
    const { stub } = connect(gate, new PlanRunner({ limits: { maxPrepared: 1 } }));
    const hash = await stub.$plans.prepare(waiting);
    const running = stub.$plans.runPrepared(hash, undefined, [stub]).then();
    await gate.entered;
    await prepare(stub, "another");
    expect(await isKept(stub, hash)).toBe(false);
    gate.open();
    expect(await running).toBe("open");
  });

  test("that are prepared again while they run go on, as one plan", async () => {
    const gate = new Gate();
    const { stub } = connect(gate, new PlanRunner({ limits: { maxPrepared: 1 } }));
    const hash = await stub.$plans.prepare(waiting);
    const running = stub.$plans.runPrepared(hash, undefined, [stub]).then();
    await gate.entered;
    expect(await Promise.all([1, 2, 3].map(() => stub.$plans.prepare(waiting)))).toEqual([
      hash,
      hash,
      hash,
    ]);
    gate.open();
    expect(await running).toBe("open");
    expect(await isKept(stub, hash)).toBe(true);
  });

  test("of a session with few stay, however many another one prepares", async () => {
    const runner = new PlanRunner({ limits: { maxPrepared: 4, maxPlanSize: 10_000 } });
    const [few, many] = [connect(new Tools(), runner).stub, connect(new Tools(), runner).stub];
    const own = await prepare(few, "own");
    const shared = await prepare(few, "shared");
    // A plan that another session prepares as well isn't only that session's.
    expect(await prepare(many, "shared")).toBe(shared);
    for (let i = 0; i < 20; i++) await prepare(many, `plan ${i}`);
    for (let i = 0; i < 60; i++) await prepare(many, `plan ${i}`.padEnd(4_000));
    expect(await Promise.all([isKept(few, own), isKept(few, shared)])).toEqual([true, true]);
  });

  test("of sessions that have ended go first", async () => {
    const runner = new PlanRunner({ limits: { maxPrepared: 3 } });
    const [ended, live] = [connect(new Tools(), runner), connect(new Tools(), runner)];
    const left = await prepare(ended.stub, "left");
    const hashes = [await prepare(live.stub, "a"), await prepare(live.stub, "b")];
    ended.link.cut(new Error("gone"));
    await expect.poll(() => ended.server.getStats().exports).toBe(0);
    // It is there as long as there is room.
    const { stub: next } = connect(new Tools(), runner);
    await prepare(next, "c");
    expect(await isKept(live.stub, left)).toBe(false);
    expect(await Promise.all(hashes.map((each) => isKept(live.stub, each)))).toEqual([true, true]);
  });
});

describe("a batched function of a plan", () => {
  const lists = { over: value([1, 2, 3]) };
  const mapped = [each("map", [call("name", [variable("x")], 0)], result(0), 1, lists)];

  function connectTo(load: (ids: number[], context: { signal: AbortSignal }) => any) {
    class People extends Tools {
      readonly #name = batched(load);
      name(id: number) {
        return this.#name(id);
      }
    }
    return connect(new People(), new PlanRunner({ limits: { maxTime: 50 } }));
  }

  test("that throws fails the plan, or only the steps that use it", async () => {
    const { stub, server } = connectTo(() => {
      throw new RangeError("no database");
    });
    const error = await errorOf(runThere(stub, mapped, result(1)));
    expect(error).toMatchObject({ code: "PLAN_STEP", cause: { message: "no database" } });
    expect(await runThere(stub, mapped, value("unused"))).toBe("unused");
    await expectNothingLeft(server);
  });

  test.each([
    [
      "too few results",
      (ids: number[]) => ids.slice(1).map((id) => ({ item: new Item(`${id}`, []) })),
    ],
    ["too many results", (ids: number[]) => [...ids, 4]],
    ["no list", () => "names"],
    ["nothing", () => undefined],
  ])("that returns %s fails all its calls", async (_name, load) => {
    const { stub, server } = connectTo(load);
    const error = await errorOf(runThere(stub, mapped, result(1)));
    expect(error.cause.message).toMatch(/returned (\d results|no list) for 3 keys/);
    await expectNothingLeft(server);
  });

  test("that never returns is given up at the plan's limit, and told so", async () => {
    const told: unknown[] = [];
    const { stub, server } = connectTo((_ids, { signal }) => {
      signal.addEventListener("abort", () => told.push(signal.reason));
      return new Promise(() => {});
    });
    const error = await errorOf(runThere(stub, mapped, result(1)));
    expect(error).toMatchObject({ code: "LIMIT", data: { limit: "maxTime" } });
    await expect.poll(() => told).toHaveLength(1);
    // The next batch isn't held up by it.
    expect(await stub.list(1)).toEqual([0]);
    await expectNothingLeft(server);
  });
});

test("a deadline stops a plan inside of an operator", async () => {
  const { stub, server } = connect(new Tools(), new PlanRunner({ limits: unlimited }));
  await stub.list(0);
  using quick = callOptions(stub, { timeout: 30 });
  const ops = [
    call("text", [value(4_000_000)], 0),
    endless([op("split", [result(0), value("")], 1)], 2),
  ];
  const running = (quick as any).$plans.run({ ops, result: value(1) }, undefined, [stub]);
  expect((await errorOf(running)).code).toBe("DEADLINE");
  await expectNothingLeft(server);
});
