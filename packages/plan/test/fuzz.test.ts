import { RpcStub } from "@capnweb/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { PlanRunner, plan } from "../src/index.ts";
import { anyNode, record } from "./program.ts";
import { connect, Tools } from "./support.ts";

/** Values to put into the places of a plan's parts. */
const STRANGE: readonly unknown[] = [
  undefined,
  null,
  true,
  -1,
  0,
  1e9,
  Number.NaN,
  10n ** 30n,
  "",
  "__proto__",
  "constructor",
  "then",
  "map",
  "item",
  [],
  {},
  [[[[]]]],
  new Date(Number.NaN),
  new Uint8Array(3),
  new Error("in a plan"),
  { capture: { index: 1 } },
  { result: { index: 0 } },
  { var: { name: "item1" } },
  { byValue: { value: [[1], { a: 2 }] } },
  { break: { if: { byValue: { value: true } } } },
  { call: { target: 0, member: "item", args: [{ byValue: { value: "x" } }], result: 99 } },
  { call: { target: 0, member: "fail", args: [], result: 98 } },
];

const change = fc.record({
  at: fc.nat(),
  to: fc.nat({ max: STRANGE.length - 1 }),
  swap: fc.boolean(),
});

/** All places in a tree, as objects with keys. */
function places(tree: any, found: [any, string][] = []): [any, string][] {
  if (typeof tree !== "object" || tree === null) return found;
  for (const key of Object.keys(tree)) {
    found.push([tree, key]);
    places(tree[key], found);
  }
  return found;
}

function changed(json: object, changes: readonly { at: number; to: number; swap: boolean }[]): any {
  const copy = structuredClone(json);
  for (const { at, to, swap } of changes) {
    const all = places(copy);
    if (all.length === 0) break;
    const [parent, key] = all[at % all.length]!;
    const [other, otherKey] = all[(at * 7 + to) % all.length]!;
    parent[key] = structuredClone(swap ? other[otherKey] : STRANGE[to]);
  }
  return copy;
}

test("changed plans end with a result or an error, and leave nothing", async () => {
  const limits = { maxSteps: 2_000, maxBytes: 1e6, maxTime: 2_000, maxIterations: 500 };
  const tools = new Tools();
  const { stub, link, server, client } = connect(tools, new PlanRunner({ limits }));
  const runner = await stub.$plans;
  let ran = 0;
  await fc.assert(
    fc.asyncProperty(
      anyNode,
      fc.array(change, { minLength: 1, maxLength: 4 }),
      async (node, changes) => {
        const made = plan<any>()(($: any, api: any, p: any) =>
          record($, { double: api.items, later: api.later, refuse: api.item }, node, [
            p[0],
            p[1],
            p[2],
          ]),
        );
        const json = changed(made.toJSON(), changes);
        // A stub as a param, so that plans have capabilities to lose.
        using mine = new RpcStub(new Tools());
        const got = await runner.run(json, [3, "text", mine], [stub, stub]).catch((error: any) => {
          expect(`${error.code ?? error.name}`).toMatch(
            /^(PLAN_|LIMIT|TOO_DEEP|UNENCODABLE|TypeError)/,
          );
        });
        ran++;
        got?.[Symbol.dispose]?.();
      },
    ),
    { numRuns: Number(process.env["RUNS"] ?? 300), seed: Number(process.env["SEED"] ?? 1) },
  );
  runner[Symbol.dispose]();
  await link.settle();
  expect(ran).toBeGreaterThan(100);
  expect([client.getStats(), server.getStats()]).toEqual([
    { imports: 1, exports: 1 },
    { imports: 1, exports: 1 },
  ]);
});
