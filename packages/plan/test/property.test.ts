import { RpcError, RpcStub, RpcTarget } from "@capnweb/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { PlanRunner, plan, planFrom } from "../src/index.ts";
import { anyNode, compute, type Node, record, straightNode } from "./program.ts";
import { connect } from "./support.ts";

class Numbers extends RpcTarget {
  double(value: unknown) {
    return [value, value];
  }
  async later(value: unknown) {
    await null;
    return value;
  }
  refuse() {
    throw new RpcError("REFUSED", { code: "REFUSED" });
  }
}

const runs = {
  numRuns: Number(process.env["RUNS"] ?? 300),
  seed: Number(process.env["SEED"] ?? 1),
};
const PARAMS = [5, "text", [3, 1, 2]];

const planOf = (node: Node): any =>
  plan<any>()(($: any, api: any, p: any) => record($, api, node, [p[0], p[1], p[2]]));

/** The value, or the code of the failure. */
async function outcomeOf(run: () => unknown): Promise<{ value: unknown } | { code: unknown }> {
  try {
    return { value: await run() };
  } catch (error: any) {
    return { code: error.code ?? `${error}` };
  }
}

test("plans give the results of plain JavaScript", async () => {
  const runner = new PlanRunner();
  using stub = new RpcStub(runner);
  using api = new RpcStub<any>(new Numbers());
  await fc.assert(
    fc.asyncProperty(anyNode, async (node) => {
      const options = { runner: stub, tier: "runner" } as const;
      const planned = await outcomeOf(() => planOf(node)(api, PARAMS, options));
      const computed = await outcomeOf(() => compute(node, PARAMS));
      expect(planned).toEqual(computed);
    }),
    runs,
  );
});

test("straight plans give the same through remap and through a runner", async () => {
  const { stub } = connect(new Numbers());
  await fc.assert(
    fc.asyncProperty(straightNode, async (node) => {
      const made = planOf(node);
      expect(made.tier).toBe("remap");
      const lowered = await outcomeOf(() => made(stub as any, PARAMS));
      const there = await outcomeOf(() => made(stub as any, PARAMS, { tier: "runner" }));
      if ("value" in lowered || "value" in there) {
        expect(there).toEqual(lowered);
        return;
      }
      // Of several failures, a runner gives the first in order, and a peer the one that is first
      // there.
      for (const { code } of [there, lowered]) expect(["REFUSED", "PATH"]).toContain(code);
    }),
    runs,
  );
});

test("a stored plan is the same plan", async () => {
  await fc.assert(
    fc.asyncProperty(anyNode, async (node) => {
      const made = planOf(node);
      const again = planFrom<any>(structuredClone(made.toJSON()));
      expect(again.toJSON()).toEqual(made.toJSON());
      expect(again.toString()).toBe(made.toString());
    }),
    { ...runs, numRuns: 100 },
  );
});
