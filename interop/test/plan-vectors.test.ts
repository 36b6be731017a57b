import { readFileSync } from "node:fs";
import { RpcSession, RpcStub } from "@capnweb/core";
import { PlanRunner } from "@capnweb/plan";
import { createMemoryLink } from "@capnweb/testkit";
import { deserialize, serialize } from "@capnweb/wire";
import { describe, expect, it, test } from "vitest";
import { formatPlanVectors } from "../src/plans/index.ts";
import { PlanTarget } from "../src/plans/plan-target.ts";

const file = new URL("../../packages/testkit/vectors/plans.json", import.meta.url);
const text = readFileSync(file, "utf8");

/** A vector of the file: its plan, params and result are expressions. */
interface Vector {
  readonly name: string;
  readonly plan?: unknown;
  readonly hash?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: Readonly<Record<string, unknown>>;
  readonly notes?: readonly string[];
  readonly limits?: Readonly<Record<string, number>>;
}

const vectors: readonly Vector[] = JSON.parse(text).vectors;
const decode = (expression: unknown) => deserialize(JSON.stringify(expression));

test("the vectors of plans are those of interop/src/plans", async () => {
  await expect(formatPlanVectors({ serialize })).toMatchFileSnapshot(file.pathname);
});

test("each vector has a name of its own, and one outcome", () => {
  expect(new Set(vectors.map(({ name }) => name)).size).toBe(vectors.length);
  expect(vectors.length).toBeGreaterThanOrEqual(150);
  for (const vector of vectors) expect("result" in vector).toBe(vector.error === undefined);
});

/** The parts of an error that vectors name. The error of a call is the cause of the runner's. */
function described(error: any): Record<string, unknown> {
  const { name, message, code } = error.code === "PLAN_STEP" ? error.cause : error;
  return { name, message, code, step: error.data?.step, place: error.data?.place };
}

describe("our runner gives the outcome of the vector:", () => {
  it.each(vectors.map((vector) => [vector.name, vector] as const))("%s", async (_, vector) => {
    const target = new PlanTarget();
    const runner = new PlanRunner({ limits: vector.limits ?? {} });
    const link = createMemoryLink();
    const server = new RpcSession<any>(link.server, { runner, target: new RpcStub(target) } as any);
    const client = new RpcSession<any>(link.client);
    const api = client.getRemoteMain();
    const capture = await api.target;
    const params = "params" in vector ? decode(vector.params) : undefined;
    const outcome =
      vector.hash === undefined
        ? api.runner.run(decode(vector.plan), params, [capture])
        : api.runner.runPrepared(vector.hash, params, [capture]);
    const expected: Record<string, unknown> = vector.error
      ? { error: vector.error }
      : { result: decode(vector.result) };
    const actual = await outcome.then(
      (result: unknown) => ({ result }),
      (error: unknown) => ({ error: described(error) }),
    );
    if (vector.error) expect(actual).toMatchObject(expected);
    else expect(actual).toEqual(expected);
    expect(target.noted).toEqual(vector.notes ?? []);
    capture[Symbol.dispose]();
    outcome[Symbol.dispose]();
    await expect.poll(() => target.open).toBe(0);
    await expect.poll(() => server.getStats()).toEqual({ imports: 1, exports: 1 });
  });
});
