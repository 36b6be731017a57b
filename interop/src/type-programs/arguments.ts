import type { TypeProgram } from "./program.ts";

/** Arguments for parameters of every kind. */
export const ARGUMENTS: readonly TypeProgram[] = [
  {
    name: "numbers",
    code: `await home.add(1, 2);`,
  },
  {
    name: "a text for a number",
    code: `await home.add("1", 2);`,
  },
  {
    name: "too few arguments",
    code: `await home.add(1);`,
  },
  {
    name: "too many arguments",
    code: `await home.add(1, 2, 3);`,
  },
  {
    name: "a promise of a call for a value",
    code: `await home.add(home.add(1, 2), home.level);`,
  },
  {
    name: "a native promise for a value",
    code: `await home.add(Promise.resolve(1), 2);`,
  },
  {
    name: "a native promise of another type",
    code: `await home.add(Promise.resolve("1"), 2);`,
  },
  {
    name: "a promise of another type",
    code: `await home.add(home.text(), 2);`,
  },
  {
    name: "a target",
    code: `await home.useLamp(new Lamp());`,
  },
  {
    name: "a stub for a target",
    code: `await home.useLamp(lamp);`,
    deviates: { ours: "accepts", because: "a stub is what a target arrives as" },
  },
  {
    name: "a promise for a target",
    code: `await home.useLamp(home.lamp());`,
    deviates: { ours: "accepts", because: "a stub is what a target arrives as" },
  },
  {
    name: "a property for a target",
    code: `await home.useLamp(home.main);`,
    deviates: { ours: "accepts", because: "a stub is what a target arrives as" },
  },
  {
    name: "a native promise for a target",
    code: `await home.useLamp(Promise.resolve(new Lamp()));`,
  },
  {
    name: "a native promise of a stub for a target",
    code: `await home.useLamp(Promise.resolve(lamp));`,
    deviates: { ours: "accepts", because: "a stub is what a target arrives as" },
  },
  {
    name: "a target for a stub",
    code: `await home.useStub(new Lamp());`,
  },
  {
    name: "a stub for a stub",
    code: `await home.useStub(lamp);`,
  },
  {
    name: "a stub of something else",
    code: `await home.useLamp(home);`,
  },
  {
    name: "an empty object for a target",
    code: `await home.useLamp({});`,
  },
  {
    name: "null for a target",
    code: `await home.useLamp(null);`,
  },
  {
    name: "one that may be missing for a target",
    code: `await home.useLamp(await home.lampOrNothing());`,
  },
  {
    name: "an omitted optional argument",
    code: `await home.optional("a");`,
  },
  {
    name: "undefined for an optional argument",
    code: `await home.optional("a", undefined);`,
  },
  {
    name: "a wrong optional argument",
    code: `await home.optional("a", "b");`,
  },
  {
    name: "rest arguments",
    code: `await home.rest(); await home.rest(1, 2, 3);`,
  },
  {
    name: "a wrong rest argument",
    code: `await home.rest(1, "2");`,
  },
  {
    name: "an array spread into rest arguments",
    code: `await home.rest(...[1, 2, 3]);`,
  },
  {
    name: "a promise within an object",
    code: `await home.usePlace({ at: { x: home.level, y: 2 } });`,
  },
  {
    name: "a promise for an object within one",
    code: `await home.usePlace({ at: Promise.resolve({ x: 1, y: 2 }) });`,
  },
  {
    name: "a missing member",
    code: `await home.usePlace({ at: { x: 1 } });`,
  },
  {
    name: "a member too many",
    code: `await home.usePlace({ at: { x: 1, y: 2, z: 3 } });`,
  },
  {
    name: "an omitted optional member",
    code: `await home.usePlace({ at: { x: 1, y: 2 }, tags: [] });`,
  },
  {
    name: "a promise in a list",
    code: `await home.useList(["a", home.text()]);`,
  },
  {
    name: "a readonly list for a list",
    code: `await home.useList(["a", "b"] as const);`,
  },
  {
    name: "a wrong element",
    code: `await home.useList([1]);`,
  },
  {
    name: "a member of a union",
    code: `await home.useShape({ kind: "circle", radius: 1 });`,
  },
  {
    name: "a mixture of a union",
    code: `await home.useShape({ kind: "circle", side: 1 });`,
  },
  {
    name: "a shape of a call",
    code: `await home.useShape(home.shape());`,
  },
  {
    name: "a stream",
    code: `await home.useStream(new ReadableStream<Uint8Array>());`,
  },
  {
    name: "an object for a stream",
    code: `await home.useStream({});`,
  },
  {
    name: "a symbol for a text",
    code: `await home.useText(Symbol());`,
  },
  {
    name: "a boxed text",
    code: `await home.useText({ length: 1 });`,
  },
  {
    name: "a disposed result for a value",
    code: `using at = await home.sensor(1); await home.add(at.id, 1);`,
  },
];
