import { all, dispose, type Run } from "./attempts.ts";
import { attempt } from "./describe-value.ts";

/** Operations that pass a value on, give it up, or end its session. */
export const lifeOperations: Readonly<Record<string, Run>> = {
  "dispose, then await": all(
    dispose,
    (value) => value,
    (value) => value.name,
    dispose,
  ),
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
  onRpcBroken: all(
    (value, { note }) =>
      typeof value.onRpcBroken((error: any) => note(`broken: ${error?.message}`)),
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
