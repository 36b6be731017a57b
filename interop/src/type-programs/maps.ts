import type { TypeProgram } from "./program.ts";

/** Callbacks of `map()`. */
export const MAPS: readonly TypeProgram[] = [
  {
    name: "a property of each",
    code: `const t: string[] = await home.sensors().map((s) => s.label); void t;`,
  },
  {
    name: "a call on each",
    code: `const n: number[] = await home.sensors().map((s) => s.read()); void n;`,
  },
  {
    name: "a call with each",
    code: `const n = await home.numbers().map((x) => home.add(x, 1)); void n[0]!.toFixed();`,
  },
  {
    name: "each, passed for another type",
    code: `home.numbers().map((x) => home.useText(x));`,
  },
  {
    name: "an object of each",
    code: `const o = await home.sensors().map((s) => ({ id: s.id, n: s.read() })); void o[0]!.n.toFixed();`,
  },
  {
    name: "each target, passed on",
    code: `await home.lamps().map((l) => home.useLamp(l));`,
  },
  {
    name: "a nested map",
    code: `await home.sensors().map((s) => home.numbers().map((n) => home.add(n, s.id)));`,
  },
  {
    name: "a constant",
    code: `const n: number[] = await home.sensors().map(() => 1); void n;`,
  },
  {
    name: "nothing",
    code: `await home.lamps().map((l) => { l.dim(1); });`,
  },
  {
    name: "an async callback",
    code: `home.sensors().map(async (s) => s.label);`,
  },
  {
    name: "a native promise",
    code: `home.sensors().map(() => Promise.resolve(1));`,
  },
  {
    name: "a native promise in an object",
    code: `home.sensors().map((s) => ({ id: s.id, late: Promise.resolve(1) }));`,
  },
  {
    name: "a native promise in a list",
    code: `home.sensors().map((s) => [s.id, Promise.resolve(1)]);`,
  },
  {
    name: "a native promise far inside",
    code: `home.sensors().map((s) => ({ a: [{ b: { c: [s.id, Promise.resolve(1)] } }] }));`,
  },
  {
    name: "then on each",
    code: `home.sensors().map((s) => s.then(() => 1));`,
  },
  {
    name: "catch on each",
    code: `home.sensors().map((s) => s.catch(() => 1));`,
  },
  {
    name: "a member that isn't there",
    code: `home.sensors().map((s) => s.missing);`,
  },
  {
    name: "arithmetic on each",
    code: `home.numbers().map((n) => n + 1);`,
  },
  {
    name: "a comparison of each",
    code: `home.numbers().map((n) => n > 1);`,
  },
  {
    name: "a method of numbers on each",
    code: `home.numbers().map((n) => n.toFixed());`,
    deviates: { ours: "refuses", because: "a peer reaches no members of values" },
  },
  {
    name: "a map over one value",
    code: `const t = await home.sensor(1).map((s) => s.label); void t.toUpperCase();`,
    deviates: { ours: "accepts", because: "a map over one value gives one" },
  },
  {
    name: "a map over one that may be missing",
    code: `const b = await home.lampOrNothing().map((l) => l.isLit); void b;`,
  },
  {
    name: "a map over a tuple",
    code: `await home.pair().map((each) => each);`,
  },
  {
    name: "an annotated placeholder",
    code: `home.numbers().map((n: RpcPromise<number>) => home.add(n, 1));`,
  },
  {
    name: "a second parameter",
    code: `home.numbers().map((n, index) => home.add(n, index));`,
  },
];
