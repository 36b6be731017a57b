import { expect, test } from "vitest";
import { type P, PlanRunner, plan, planFrom } from "../src/index.ts";
import { connect, errorOf, Tools, value } from "./support.ts";

const greet = plan<Tools>({ name: "greet" })(
  ($, api, p: P<{ name: string }>) => $.text`Hello ${api.echo(p.name) as P<string>}`,
);

test("a prepared plan is sent once", async () => {
  const { stub, link } = connect(new Tools());
  using runner = await stub.$plans;
  const prepared = await greet.prepare(runner);
  expect(prepared.hash).toMatch(/^[0-9a-f]{64}$/);
  const before = link.sentBy("client").length;
  expect(await prepared(stub, { name: "Ada" })).toBe("Hello Ada");
  expect(await prepared(stub, { name: "Eve" })).toBe("Hello Eve");
  const sent = link.sentBy("client").slice(before).join();
  expect(sent).toContain(prepared.hash);
  expect(sent).not.toContain("ops");
});

test("a runner that forgot a plan gets it again", async () => {
  const { stub } = connect(new Tools(), new PlanRunner({ limits: { maxPrepared: 1 } }));
  using runner = await stub.$plans;
  const prepared = await greet.prepare(runner);
  const other = await runner.prepare({ ops: [], result: value(1) });
  expect(await errorOf(runner.runPrepared(prepared.hash, {}, [stub]))).toMatchObject({
    code: "PLAN_UNKNOWN",
  });
  expect(await prepared(stub, { name: "Ada" })).toBe("Hello Ada");
  expect((await errorOf(runner.runPrepared(other))).code).toBe("PLAN_UNKNOWN");
});

test("plans that are the same have one hash, and others have others", async () => {
  const runner = new PlanRunner();
  const json = { ops: [], result: value([1, new Date(5), 7n]) };
  const hash = await runner.prepare(json as any);
  expect(await runner.prepare(structuredClone(json) as any)).toBe(hash);
  expect(await runner.prepare({ ops: [], result: value([1, new Date(6), 7n]) } as any)).not.toBe(
    hash,
  );
  expect(await runner.runPrepared(hash)).toEqual([1, new Date(5), 7n]);
});

test("prepared plans take little memory, whatever clients prepare", async () => {
  const runner = new PlanRunner({ limits: { maxPlanSize: 10_000 } });
  const hashes: string[] = [];
  for (let i = 0; i < 100; i++) {
    hashes.push(await runner.prepare({ ops: [], result: value(`${i}`.padEnd(4_000)) } as any));
  }
  const kept = await Promise.all(
    hashes.map((hash) =>
      runner.runPrepared(hash).then(
        () => true,
        () => false,
      ),
    ),
  );
  expect(kept.filter(Boolean)).toHaveLength(38);
  expect(kept.at(-1)).toBe(true);
});

test("an invalid plan isn't prepared", async () => {
  expect((await errorOf(new PlanRunner().prepare({ ops: [] } as any))).code).toBe("PLAN_INVALID");
});

test("a prepared plan fails as the plan does", async () => {
  const { stub } = connect(new Tools());
  using runner = await stub.$plans;
  const failing = plan<Tools>()((_$, api) => api.fail("no"));
  const prepared = await failing.prepare(runner);
  expect(await errorOf(prepared(stub))).toMatchObject({ message: "no", step: 0 });
  expect(await errorOf(failing(stub, undefined, { tier: "runner" }))).toMatchObject({
    message: "no",
    step: 0,
  });
});

test("a stored plan runs, and keeps its name", async () => {
  const { stub } = connect(new Tools());
  const again = planFrom<Tools, { name: string }, string>(JSON.parse(JSON.stringify(greet)));
  expect(await again(stub, { name: "Ada" })).toBe("Hello Ada");
  expect(again.planName).toBe("greet");
  expect(again.toString()).toMatch(/^plan greet\(api, params\) \{/);
});

test("plans in the shape of the Rust port run", async () => {
  const { stub } = connect(new Tools());
  const run = (json: unknown, params?: unknown) => stub.$plans.run(json, params, [stub, stub]);
  const capture = { capture: { index: 0 } };
  // As the port's serialiser writes it: ids of captures, results by index, params by path.
  const ops = [
    {
      call: {
        target: capture,
        member: "echo",
        args: [{ param: { path: ["user", "name"] } }],
        result: 0,
      },
    },
    {
      object: {
        fields: { data: { result: { index: 0 } }, extra: { byValue: { value: "info" } } },
        result: 1,
      },
    },
    { array: { items: [{ result: { index: 1 } }, { byValue: { value: 42 } }], result: 2 } },
  ];
  const result = { result: { index: 2 } };
  const expected = [{ data: "Ada", extra: "info" }, 42];
  const params = { user: { name: "Ada" } };
  expect(await run({ captures: [1, 2], ops, result }, params)).toEqual(expected);
  expect(await run({ v: 1, operations: ops, result }, params)).toEqual(expected);
  const short = [{ call: { target: { capture: 1 }, member: "echo", args: [value(1)], result: 0 } }];
  expect(await run({ ops: short, result: { result: { index: 0 } } })).toBe(1);
  const shorter = [{ call: { target: 1, member: "echo", args: [value(1)], result: 0 } }];
  expect(await run({ ops: shorter, result: { result: { index: 0 } } })).toBe(1);
});

test("a plan of more captures than were passed isn't run", async () => {
  const error = await errorOf(new PlanRunner().run({ ops: [], result: { capture: 2 } }, null, []));
  expect(error).toMatchObject({ code: "PLAN_CAPTURE" });
});
