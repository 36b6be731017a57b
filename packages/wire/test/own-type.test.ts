import { expect, test } from "vitest";
import { deserialize, serialize, valueType } from "../src/index.ts";

class Pair {
  readonly both: readonly [unknown, unknown];
  constructor(one: unknown, other: unknown) {
    this.both = [one, other];
  }
}

const types = [
  valueType({
    tag: "test:pair",
    class: Pair,
    encode: ({ both }, cx) => both.map((each) => cx.encode(each)),
    decode([one, other], cx) {
      const both: [unknown, unknown] = [undefined, undefined];
      cx.part(one, (value) => (both[0] = value));
      cx.part(other, (value) => (both[1] = value));
      return new Pair(...both);
    },
  }),
];

test("a value of an own type serializes to text with its tag, and back", () => {
  const text = serialize({ in: new Pair(1n, [new Date(5)]) }, { types });
  expect(text).toBe('{"in":["test:pair",["bigint","1"],[[["date",5]]]]}');
  expect(deserialize(text, { types })).toEqual({ in: new Pair(1n, [new Date(5)]) });
});

test("a value of an own type can't be serialized or deserialized without the type", () => {
  expect(() => serialize(new Pair(1, 2))).toThrow(/Cannot serialize/);
  expect(() => deserialize('["test:pair",1,2]')).toThrow(/unknown special value/);
});

test("a part of an own type that needs a session is refused", () => {
  expect(() => serialize(new Pair(() => {}, 2), { types })).toThrow(/RPC stubs/);
  expect(() => deserialize('["test:pair",["export",-1],2]', { types })).toThrow(/RPC session/);
});
