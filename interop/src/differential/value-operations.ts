import { all, dispose, type Run } from "./attempts.ts";

/** The usual operations on a value, or on a promise of it. */
export const valueOperations: Readonly<Record<string, Run>> = {
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
    // biome-ignore lint/suspicious/noProto: a path that leads nowhere
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
  "call later, without waiting": all(
    (_, { link }) => link.settle(),
    (value) => {
      value.greet("x")?.catch?.(() => {});
      return "called";
    },
  ),
  "then, catch, finally": all(
    (value) => value.then((each: any) => [typeof each]),
    (value) => value.catch((error: Error) => ["caught", error.name]),
    (value) => value.finally(() => "ignored"),
    (value) => Promise.all([value, value]).then(([a, b]) => a === b),
  ),
};
