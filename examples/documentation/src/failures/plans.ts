import { RpcStub, RpcTarget } from "@capnweb/core";
import { PlanRunner, plan } from "@capnweb/plan";
import { batched } from "@capnweb/plan/batched";

class Shop extends RpcTarget {
  pay() {
    throw new Error("Not enough credit.");
  }
}

const RESULT = { result: { index: 1 } };
const api = { capture: { index: 0 } };
const literal = (value: unknown) => ({ byValue: { value } });
const operator = (name: string, ...args: unknown[]) => ({
  op: { name, args: args.map(literal), result: 1 },
});

/** Runs one step of a plan. */
const step = async (...ops: unknown[]) => {
  using runner = new RpcStub(new PlanRunner());
  using shop = new RpcStub(new Shop());
  await runner.run({ v: 1, ops, result: RESULT } as any, undefined, [shop] as any);
};

/** Failures of plans, by code. */
export const PLANS: Readonly<Record<string, () => unknown>> = {
  PLAN_INVALID: () => step({ call: { target: { result: { index: 7 } }, args: [], result: 1 } }),
  PLAN_UNKNOWN: async () => {
    using runner = new RpcStub(new PlanRunner());
    await (runner as any).runPrepared("0".repeat(64), undefined, []);
  },
  PLAN_STEP: () => step({ call: { target: api, member: "pay", args: [], result: 1 } }),
  PLAN_CAPTURE: async () => {
    using runner = new RpcStub(new PlanRunner());
    const ops = [{ call: { target: { capture: { index: 1 } }, args: [], result: 1 } }];
    await runner.run({ v: 1, ops, result: RESULT } as any, undefined, [] as any);
  },
  PLAN_OVERLOAD: () => step(operator("add", "1", true)),
  PLAN_OVERFLOW: () => step(operator("mul", 2n ** 62n, 2n ** 62n)),
  PLAN_DIVISION: () => step(operator("div", 1n, 0n)),
  PLAN_INDEX: () => step(operator("index", [1, 2, 3], 5)),
  PLAN_KEY: () => step(operator("index", { name: "Ada" }, "email")),
  PLAN_CONVERSION: () => step(operator("int", "many")),
  PLAN_FAILED: () => step(operator("fail", "The order is empty.")),
  PLAN_CONDITION: () =>
    step({
      // biome-ignore lint/suspicious/noThenProperty: the shape of plans has this name.
      if: { cond: literal("yes"), then: [], else: [], value: [literal(1), literal(2)], result: 1 },
    }),
  PLAN_NOT_LIST: () =>
    step({ loop: { over: literal(5), as: "x", body: [], value: literal(1), result: 1 } }),
  PLAN_LOOP: () =>
    step({
      loop: { test: [], while: literal(true), max: 100, body: [], value: literal(1), result: 1 },
    }),
  PLAN_RESERVED: () => step({ get: { target: api, path: ["dup"], result: 1 } }),
  PLAN_PLACEHOLDER: () => plan<any>()((_$, placeholder: any) => `${placeholder.user().name}`),
  PLAN_BUILD: () => plan<any>()((async () => {}) as any),
  BATCH: async () => {
    const load = (ids: number[]) => ids.slice(1);
    const loadUsers = batched(load, { shared: true });
    await Promise.all([loadUsers(1), loadUsers(2), loadUsers(3)]);
  },
};
