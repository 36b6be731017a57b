import { describe, expect, test } from "vitest";
import { createValueTable, TAGS, type ValueType, valueTypes } from "../src/index.ts";

const row = (kind: string, rest: Partial<ValueType> = {}): ValueType => ({
  kind,
  tags: [],
  encode: () => null,
  decode: () => null,
  ...rest,
});
const complete = row("everything", { tags: TAGS });

describe("createValueTable refuses", () => {
  test.each([
    [
      "with an unknown tag",
      [complete, row("x", { tags: ["nope"] })],
      /Missing or unknown tag: nope/,
    ],
    ["without one of the protocol's tags", [...valueTypes], /Missing or unknown tag: readable/],
    ["with a tag claimed twice", [complete, row("x", { tags: ["date"] })], /same tag/],
    ["with a kind claimed twice", [complete, row("everything")], /same kind/],
    [
      "with a prototype claimed twice",
      [
        complete,
        row("x", { prototypes: [Date.prototype] }),
        row("y", { prototypes: [Date.prototype] }),
      ],
      /same prototype/,
    ],
    [
      "with a primitive claimed twice",
      [complete, row("x", { primitives: ["bigint"] }), row("y", { primitives: ["bigint"] })],
      /same primitive/,
    ],
  ])("%s", (_, rows, message) => {
    expect(() => createValueTable(rows)).toThrow(message);
  });
});

test("a value table looks up prototypes before open sets, which it tries in order", () => {
  class A {}
  class B extends A {}
  const table = createValueTable([
    complete,
    row("A or less", { matches: (value): value is object => value instanceof A }),
    row("anything", { matches: (value): value is object => true }),
    row("B", { prototypes: [B.prototype] }),
  ]);
  expect(table.find(new B())?.kind).toBe("B");
  expect(table.find(new A())?.kind).toBe("A or less");
  expect(table.find(new Map())?.kind).toBe("anything");
  expect(table.find(5n)).toBe(undefined);
});

test("value tables and the list of rows can't be changed", () => {
  expect(Object.isFrozen(valueTypes)).toBe(true);
  expect(Object.isFrozen(createValueTable([complete]))).toBe(true);
});

test("the protocol has these tags", () => {
  expect(TAGS.join(" ")).toBe(
    "undefined inf -inf nan bigint date bytes blob error url headers request response json table " +
      "readable writable export import promise pipeline remap",
  );
});
