import { attempt, describeValue } from "./describe-value.ts";
import type { Operation, World } from "./world.ts";

type Run = Operation["run"];

/** Several attempts, one after the other. */
const all =
  (...each: ((value: any, world: World) => unknown)[]): Run =>
  async (world, value) => {
    const seen: string[] = [];
    for (const run of each) {
      seen.push(
        await attempt(async () => describeValue(world, await run(value, world))),
      );
    }
    return seen.join("; ");
  };

const dispose = (value: any) => value?.[Symbol.dispose]?.();

const runs: Readonly<Record<string, Run>> = {
  await: all((value) => value),
  "await twice": all(
    (value) => value,
    (value) => value,
  ),
  properties: all(
    (value) => value.name,
    (value) => value.length,
    (value) => value.nothing,
    (value) => value.deep.er,
    (value) => value.inner.deep.er,
    (value) => value.own,
    (value) => value.extra.name,
    (value) => value.toString.name,
    (value) => value.__proto__.name,
  ),
  calls: all(
    (value) => value("x"),
    (value) => value.greet("x"),
    (value) => value.self().self().name,
    (value) => value.fail(),
    (value) => value.missing(),
    (value) => value.name(),
    (value) => value.missing.deeper(),
    (value) => value.toString(),
  ),
  "map()": all(
    (value) => value.map((each: any) => each),
    (value) => value.map((each: any) => ({ name: each.name })),
    (value) => value.map((_: any) => 1),
    (value) => value.map(() => undefined),
    (value) => value.inner.list.map((each: any) => [each]),
  ),
  "dup()": all(
    (value) => value.dup(),
    async (value) => {
      const copy = value.dup();
      dispose(value);
      const name = await copy.name;
      dispose(copy);
      return name;
    },
    (value) => value.name,
  ),
  "dispose, then await": all(dispose, (value) => value, (value) => value.name, dispose),
  "await, then dispose": all(async (value) => {
    const awaited = await value;
    const had = typeof awaited?.[Symbol.dispose];
    dispose(awaited);
    return [had, await attempt(() => awaited.name), await attempt(() => awaited("x"))];
  }, dispose),
  "call, then dispose": all(async (value) => {
    const called = value.greet("x");
    const name = value.name;
    dispose(value);
    return [await attempt(() => called), await attempt(() => name)];
  }),
  "then, catch, finally": all(
    (value) => value.then((each: any) => [typeof each]),
    (value) => value.catch((error: Error) => ["caught", error.name]),
    (value) => value.finally(() => "ignored"),
    (value) => Promise.all([value, value]).then(([a, b]) => a === b),
  ),
  inspect: async (_, value) =>
    [
      typeof value,
      await attempt(() => "name" in value),
      await attempt(() => "missing" in value),
      await attempt(() => Symbol.dispose in value),
      await attempt(() => Object.keys(value)),
      await attempt(() => Object.getOwnPropertyNames(value)),
      await attempt(() => Object.prototype.toString.call(value)),
      await attempt(() => Object.getPrototypeOf(value) === Function.prototype),
      await attempt(() => value instanceof Function),
      await attempt(() => value instanceof Promise),
      await attempt(() => typeof value[Symbol.iterator]),
      await attempt(() => typeof value[Symbol.asyncIterator]),
      await attempt(() => typeof value[Symbol.toPrimitive]),
      await attempt(() => String(value)),
    ].join("; "),
  classes: async ({ rpc }, value) =>
    [
      value instanceof rpc.RpcStub,
      value instanceof rpc.RpcPromise,
      value instanceof rpc.RpcTarget,
    ].join("; "),
  "set, delete, define": all(
    (value) => {
      value.set = 1;
      return "set";
    },
    (value) => delete value.set,
    (value) => typeof Object.defineProperty(value, "x", { value: 1 }),
    (value) => typeof Object.freeze(value),
    (value) => typeof new value(1),
    (value) => value?.set,
  ),
  "JSON.stringify": all((value) => JSON.stringify(value)),
  onRpcBroken: all(
    (value, { note }) => typeof value.onRpcBroken((error: any) => note(`broken: ${error?.message}`)),
    (value) => value,
    async (_, { link }) => {
      await link.settle();
      link.cut(new Error("cut"));
    },
    (value, { note }) => typeof value.onRpcBroken((error: any) => note(`late: ${error?.message}`)),
  ),
  "pass on": all(
    (value, { api }) => api.look(value),
    (value, { api }) => api.look({ in: [value] }),
    dispose,
  ),
  "pass on what was awaited": all(async (value, { api }) => {
    const awaited = await value;
    const first = await api.look(awaited);
    dispose(awaited);
    return first;
  }),
  "end before": all(
    async (_, { link }) => {
      await link.settle();
      link.cut(new Error("cut"));
    },
    (value) => value,
    (value) => value.name,
  ),
  "dispose of the session first": all(
    async (_, { api, link }) => {
      await link.settle();
      api[Symbol.dispose]();
    },
    (value) => value,
    (value) => value.greet("x"),
  ),
  "end after": all(async (value, { link }) => {
    const awaited = await value;
    await link.settle();
    link.cut(new Error("cut"));
    return awaited;
  }),
};

export const operations: readonly Operation[] = Object.entries(runs).map(([name, run]) => ({
  name,
  run,
}));
