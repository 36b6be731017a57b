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
  expect(() => deserialize('["test:pair",1,2]')).toThrow(/unknown special value.*option types/);
  expect(() => deserialize('["pair",1,2]')).toThrow(/unknown special value: \["pair",1,2\]$/);
});

test("a part of an own type that needs a session is refused", () => {
  expect(() => serialize(new Pair(() => {}, 2), { types })).toThrow(/RPC stubs/);
  expect(() => deserialize('["test:pair",["export",-1],2]', { types })).toThrow(/RPC session/);
});

test.each(["class", "encode", "decode"])("a value type without %s is refused by name", (name) => {
  class Other {}
  const whole = { tag: "test:other", class: Other, encode: () => [], decode: () => new Other() };
  const type = { ...whole, [name]: undefined } as never;
  expect(() => valueType(type)).toThrow(new TypeError(`test:other: valueType() needs ${name}.`));
});

test.each([
  ["weight", Number.NaN, "weight must be a number, 0 or more"],
  ["weight", -1, "weight must be a number, 0 or more"],
  ["weight", "4", "weight must be a number, 0 or more"],
  ["operands", [undefined], "operands must be functions"],
])("a value type with an invalid %s is refused: %s", (name, value, words) => {
  class Other {}
  const whole = { tag: "test:other", class: Other, encode: () => [], decode: () => new Other() };
  expect(() => valueType({ ...whole, [name]: value } as never)).toThrow(words);
});

test("an encoder that returns no list is named in the error", () => {
  for (const encoded of [undefined, "text", {}, Promise.resolve([])]) {
    class Other {}
    const encode = () => encoded as never;
    const type = valueType({ tag: "test:other", class: Other, encode, decode: () => new Other() });
    expect(() => serialize(new Other(), { types: [type] })).toThrow(
      "test:other: encode() must return a list of operands",
    );
  }
});

test("a decoder that counts by a hostile operand doesn't end the count of values", () => {
  class Sized {}
  const type = valueType<Sized, [number]>({
    tag: "test:sized",
    class: Sized,
    encode: () => [1],
    decode([size], cx) {
      cx.count?.(size);
      return new Sized();
    },
  });
  const options = { types: [type] };
  for (const size of [-1e9, null, "x", 1e9]) {
    const text = JSON.stringify([
      [
        ["test:sized", size],
        ["test:sized", 1],
      ],
    ]);
    if (size === null) expect(deserialize(text, options)).toHaveLength(2);
    else expect(() => deserialize(text, options)).toThrow(/limits\.maxValues/);
  }
});

test("the memory of a value is a number, whatever its type returns", () => {
  const throws = () => {
    throw new Error("on purpose");
  };
  for (const memory of [throws, () => Number.NaN, () => -1, () => "1", () => undefined]) {
    class Other {}
    const whole = { tag: "test:other", class: Other, encode: () => [], decode: () => new Other() };
    const type = valueType({ ...whole, memory } as never);
    expect(type.memory?.(new Other())).toBeGreaterThan(0);
  }
});
