import { RpcSession, RpcTarget } from "@capnweb/core";
import { PlanRunner } from "@capnweb/plan";
import { type BatchContext, batched } from "@capnweb/plan/batched";
import { createMemoryLink } from "@capnweb/testkit";
import { expect, it } from "vitest";
import { call, op, param, plan, result, value, variable } from "../src/plans/vector.ts";

const COUNT = 1_000;

/** A target whose `name` collects its calls, and which waits before it gives the ids. */
class Users extends RpcTarget {
  readonly batches: { ids: number[]; session: BatchContext["session"] }[] = [];
  readonly #name = batched(
    (ids: number[], { session }) => {
      this.batches.push({ ids, session });
      return ids.map((id) => `user ${id}`);
    },
    { cache: true },
  );

  async ids(): Promise<number[]> {
    await new Promise((resolve) => setImmediate(resolve));
    return Array.from({ length: COUNT }, (_, id) => id);
  }

  name(id: number): Promise<string> {
    return this.#name(id);
  }
}

/** A client of a server whose sessions share a target and a runner. */
function connect(users: Users, runner: PlanRunner): any {
  const link = createMemoryLink();
  new RpcSession<any>(link.server, { users, runner } as any);
  return new RpcSession<any>(link.client).getRemoteMain();
}

const names = plan(
  [
    call(0, "ids"),
    {
      map: {
        over: result(0),
        as: "id",
        body: [call(1, "name", variable("id"))],
        value: result(1),
        result: 2,
      },
    },
    call(3, "name", value(5)),
  ],
  2,
);

/** Most batches of the calls. A busy machine divides a plan into several turns. */
const FEW = COUNT / 10;

it("a plan's calls of one turn are one batch", async () => {
  const users = new Users();
  const api = connect(users, new PlanRunner());
  const given = await api.runner.run(names, undefined, [api.users]);
  expect(given).toEqual(Array.from({ length: COUNT }, (_, id) => `user ${id}`));
  expect(users.batches.flatMap(({ ids }) => ids)).toHaveLength(COUNT);
  expect(users.batches.length).toBeLessThan(FEW);
});

it("a plan's calls of several turns share the cache of their request", async () => {
  const users = new Users();
  const api = connect(users, new PlanRunner());
  const twice = plan(
    [
      call(0, "name", param()),
      op(1, "size", result(0)),
      call(2, "name", param()),
      { array: { items: [result(1), result(2)], result: 3 } },
    ],
    3,
  );
  expect(await api.runner.run(twice, 7, [api.users])).toEqual([6, "user 7"]);
  expect(users.batches.map(({ ids }) => ids)).toEqual([[7]]);
});

it("plans of different sessions never share a batch", async () => {
  const users = new Users();
  const runner = new PlanRunner();
  const apis = [connect(users, runner), connect(users, runner)];
  await Promise.all(apis.map((api) => api.runner.run(names, undefined, [api.users])));
  const sessions = new Set(users.batches.map(({ session }) => session));
  expect(sessions.has(undefined)).toBe(false);
  expect(sessions.size).toBe(2);
  for (const session of sessions) {
    const own = users.batches.filter((each) => each.session === session);
    expect(own.flatMap(({ ids }) => ids)).toHaveLength(COUNT);
    expect(own.length).toBeLessThan(FEW);
  }
});
