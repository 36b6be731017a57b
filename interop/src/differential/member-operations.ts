import { all, type Run } from "./attempts.ts";
import { attempt } from "./describe-value.ts";

/** Operations that look at a value, or a stub of it, without asking the peer. */
export const memberOperations: Readonly<Record<string, Run>> = {
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
};
