import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { value } from "../../testkit/src/arbitraries/index.ts";
import { key } from "../../testkit/src/arbitraries/values.ts";
import {
  ALL_DOCUMENTS,
  DEFAULT_LIMITS,
  Decoder,
  DepthError,
  type Documents,
  deserialize,
  EncodeError,
  Encoder,
  ExpressionError,
  type LimitError,
  type Limits,
  serialize,
} from "../src/index.ts";
import { sessionlessTable } from "../src/sessionless.ts";
import { decode } from "./support/codec.ts";

const BOTH: Documents[] = [
  ALL_DOCUMENTS,
  { json: true, table: false },
  { json: false, table: true },
];

/** Names that receivers keep. */
const reachable = key.filter((name) => !(name in Object.prototype) && name !== "toJSON");

/** Lists that may be worth a table: of records of one shape, or nearly one, long enough. */
const records = fc
  .tuple(
    fc.uniqueArray(reachable, { minLength: 1, maxLength: 4 }),
    fc.array(fc.array(value, { minLength: 4, maxLength: 4 }), { minLength: 16, maxLength: 24 }),
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
  )
  .map(([names, rows, share, chances]) =>
    rows.map((cells) => {
      const members = names.map((name, i) => [name, cells[i]] as const);
      return Object.fromEntries(members.filter(() => chances.next().value > share / 2));
    }),
  );

const anything = fc.oneof(
  value,
  records,
  fc.array(fc.oneof(value, records), { maxLength: 3 }),
  fc.dictionary(reachable, fc.oneof(value, records), { maxKeys: 3, noNullPrototype: true }),
);

class LimitedDecoder extends Decoder {
  constructor(limits: Partial<Limits>) {
    super(sessionlessTable, "string", { ...DEFAULT_LIMITS, ...limits });
  }

  override defer(): never {
    throw new Error("not without a session");
  }

  /** The value of a text, or the error for it. */
  outcome(text: string): unknown {
    try {
      return this.decode(JSON.parse(text), {}, "");
    } catch (error) {
      return (error as LimitError).limit ?? error;
    }
  }
}

const orders = (count: number) => Array.from({ length: count }, (_, id) => ({ id, paid: id > 3 }));

describe("documents", () => {
  test.each(BOTH)("hold the same values as ordinary expressions: %o", (documents) => {
    fc.assert(
      fc.property(anything, (original) => {
        const ordinary = deserialize(serialize(original));
        const arrived = deserialize(serialize(original, { documents }));
        expect(arrived).toEqual(ordinary);
        // Also in the order of their members.
        expect(serialize(arrived)).toBe(serialize(ordinary));
      }),
      { numRuns: 150 },
    );
  });

  test.each(BOTH)("reach a limit where ordinary expressions do: %o", (documents) => {
    fc.assert(
      fc.property(
        anything,
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 300 }),
        (original, maxDepth, maxValues) => {
          const ordinary = serialize(original);
          const document = serialize(original, { documents });
          for (const limits of [{ maxDepth }, { maxValues }]) {
            const expected = new LimitedDecoder(limits).outcome(ordinary);
            expect(new LimitedDecoder(limits).outcome(document)).toEqual(expected);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  test("are written only for a reader that knows them", () => {
    const value = { orders: orders(20), matrix: [[1], [2]] };
    const table = '"orders":["table",{"id":[[0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19]],';
    const json = '"matrix":["json",[[1],[2]]]';
    const written = (documents?: Documents) => serialize(value, { documents });
    expect(written()).not.toMatch(/"json"|"table"/);
    expect(written({ json: false, table: false })).toBe(written());
    expect(written(ALL_DOCUMENTS)).toContain(table);
    expect(written(ALL_DOCUMENTS)).toContain(json);
    expect(written({ json: true, table: false })).toBe(`["json",${JSON.stringify(value)}]`);
    expect(written({ json: false, table: true })).toContain('"matrix":[[[[1]],[[2]]]]');
  });

  test("keep short what is short: scalars, lists of scalars, objects without lists", () => {
    for (const value of [1, "a", null, [], [1, 2], {}, { a: { b: 1 } }, [new Date(0)]]) {
      expect(serialize(value, { documents: ALL_DOCUMENTS })).toBe(serialize(value));
    }
  });

  test("aren't written at levels above text", () => {
    const encoder = new Encoder(sessionlessTable, "structuredClonable", {
      documents: ALL_DOCUMENTS,
    });
    expect(encoder.encode([[1], [2]])).toEqual([[[[1]], [[2]]]]);
  });

  test("take no more encoding than a multiple of ordinary expressions, however they fail", () => {
    // Each level holds plain lists, and the end of the chain isn't plain.
    let asked = 0;
    const counted = (list: object[]) =>
      new Proxy(list, {
        get(target, property, receiver) {
          asked++;
          return Reflect.get(target, property, receiver);
        },
      });
    let value: unknown = new Date(0);
    for (let level = 0; level < 100; level++) {
      value = { lists: counted(Array.from({ length: 200 }, () => [1])), next: [value] };
    }
    serialize(value);
    const ordinary = asked;
    serialize(value, { documents: ALL_DOCUMENTS });
    expect(asked - ordinary).toBeLessThan(4 * ordinary);
  });
});

describe("values that look like plain JSON", () => {
  const documents = ALL_DOCUMENTS;
  const arrived = (value: unknown) => deserialize(serialize(value, { documents }));

  test.each([
    ["a list with toJSON", Object.assign([[1]], { toJSON: () => "wrong" })],
    ["a list in a list with toJSON", [[1], Object.assign([2], { toJSON: () => "wrong" })]],
    ["a list with a gap", Object.assign([[1]], { 2: [2] })],
    ["NaN, Infinity and undefined", [[NaN], [Infinity], [undefined]]],
    ["an object without a prototype", [[1], { a: new URL("http://a/") }]],
  ])("keep their meaning: %s", (_, value) => {
    expect(arrived(value)).toEqual(deserialize(serialize(value)));
  });

  test("can't hold functions, instances of classes, or symbols", () => {
    class Point {
      x = [1];
    }
    class Sizes extends Array<number> {}
    for (const value of [[[1], new Sizes(2)], [[1], () => {}], [[1], new Point()], [[Symbol()]]]) {
      expect(() => serialize(value, { documents })).toThrow(EncodeError);
    }
  });

  test("may be nested up to the same depth, and not endlessly", () => {
    const nested = (levels: number, core: unknown): unknown =>
      levels === 0 ? core : [nested(levels - 1, core)];
    expect(arrived(nested(255, 1))).toEqual(nested(255, 1));
    expect(() => serialize(nested(256, 1), { documents })).toThrow(DepthError);
    const endless: unknown[] = [[1]];
    endless.push(endless);
    expect(() => serialize(endless, { documents })).toThrow(DepthError);
  });

  test("lose a member named __proto__, like all others", () => {
    const record = JSON.parse('{"__proto__": 1, "a": [1]}');
    expect(arrived([record])).toEqual([{ a: [1] }]);
    expect(arrived(Array(20).fill(record))).toEqual(Array(20).fill({ a: [1] }));
  });

  test("ask a getter for each member once for a table", () => {
    let asked = 0;
    const record = {
      get id() {
        return asked++;
      },
    };
    expect(arrived(Array(20).fill(record))).toEqual(orders(20).map(({ id }) => ({ id })));
  });

  describe("while each object has members that aren't its own", () => {
    afterEach(() => {
      delete (Object.prototype as any).everywhere;
    });

    test("arrive without these", () => {
      (Object.prototype as any).everywhere = "polluted";
      const text = serialize(orders(20), { documents });
      delete (Object.prototype as any).everywhere;
      expect(deserialize(text)).toEqual(orders(20));
    });

    test("are read without these", () => {
      const text = serialize([orders(20), [[1]]], { documents });
      (Object.prototype as any).everywhere = "polluted";
      const read = deserialize(text) as object[][];
      delete (Object.prototype as any).everywhere;
      expect(read).toEqual([orders(20), [[1]]]);
    });
  });
});

describe("tables", () => {
  const rows = 20;
  const list = (make: (row: number) => object) => Array.from({ length: rows }, (_, i) => make(i));
  const text = (value: unknown) => serialize(value, { documents: ALL_DOCUMENTS });

  test("hold values of all kinds, lists as plain JSON, and records as tables", () => {
    const value = list((i) => ({ at: new Date(i), tags: ["a"], by: { name: `n${i}` } }));
    expect(text(value)).toMatch(
      /^\["table",\{"at":\[\[\["date",0\],.*"tags":\["json",\[.*"by":\["table",\{"name":\[\[/,
    );
    expect(deserialize(text(value))).toEqual(value);
  });

  test("hold records that lack members", () => {
    const value = list((i) => ({ id: i, ...(i % 3 === 0 && { extra: [i] }), last: null }));
    expect(text(value)).toMatch(/^\["table",.*"extra":\[\[\[\[0\]\],\[\],\[\],/);
    expect(deserialize(text(value))).toEqual(value);
    expect(Object.keys((deserialize(text(value)) as object[])[0]!)).toEqual([
      "id",
      "extra",
      "last",
    ]);
  });

  test.each([
    ["short", orders(15)],
    [
      "of records with their members in different orders",
      list((i) => (i % 2 ? { a: 1, b: 2 } : { b: 2, a: 1 })),
    ],
    ["of records that have little in common", list((i) => ({ [`m${i}`]: 1 }))],
    ["of records and other values", [...orders(19), 1]],
    [
      "of dictionaries",
      list(() => Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`k${i}`, i]))),
    ],
    ["of empty objects", list(() => ({}))],
  ])("aren't made of lists that are %s", (_, value) => {
    expect(text(value)).not.toContain("table");
    expect(deserialize(text(value))).toEqual(value);
  });

  test("are columns of at most three others", () => {
    const chain = (levels: number): object => (levels === 0 ? {} : { of: chain(levels - 1) });
    const value = list((id) => ({ id, ...chain(6) }));
    expect(text(value).match(/"table"/g)).toHaveLength(4);
    expect(deserialize(text(value))).toEqual(value);
  });

  test("take less text than JSON", () => {
    const value = Array.from({ length: 400 }, (_, id) => ({
      id,
      name: `user ${id}`,
      active: true,
    }));
    expect(text(value).length).toBeLessThan(0.65 * JSON.stringify(value).length);
  });
});

describe("forged documents", () => {
  test("can't make anything of an expression in plain JSON", () => {
    const forged = [
      "json",
      { a: ["import", 0], b: [["date", 0]], c: ["bytes", 5], d: ["json", 1] },
    ];
    expect(decode(forged)).toEqual(forged[1]);
    expect(decode(["table", { a: ["json", [["import", 0], []]] }])).toEqual([
      { a: ["import", 0] },
      { a: [] },
    ]);
  });

  test("can't smuggle members that every receiver drops", () => {
    const forged = JSON.parse(
      `["json", [{"__proto__": {"polluted": 1}, "toJSON": 1, "constructor": {"name": 1}, "a":
        {"\\u005f_proto__": 1, "toStrin\\u0067": 1}}]]`,
    );
    const [object] = decode(forged) as [any];
    expect(Object.getPrototypeOf(object)).toBe(Object.prototype);
    expect(Object.getOwnPropertyNames(object)).toEqual(["a"]);
    expect(Object.getOwnPropertyNames(object.a)).toEqual([]);
  });

  test("can't smuggle them as columns, nor in the cells of columns", () => {
    const forged = JSON.parse(
      `["table", {"__proto__": [[{}, {}]], "toString": ["json", [1, 2]], "valueOf": [[1, []]],
        "a": [[{"toJSON": 1}, []]], "b": ["json", [{"__proto__": 1}, 2]]}]`,
    );
    const [first, second] = decode(forged) as [any, any];
    expect(Object.getPrototypeOf(first)).toBe(Object.prototype);
    expect(Object.getOwnPropertyNames(first)).toEqual(["a", "b"]);
    expect(first).toEqual({ a: {}, b: {} });
    expect(Object.getOwnPropertyNames(second)).toEqual(["b"]);
  });

  test("can't smuggle numbers that JSON doesn't have", () => {
    for (const text of ['["json",1e999]', '["json",[1e999]]', '["json",{"a":-1e999}]']) {
      expect(() => deserialize(text)).toThrow(ExpressionError);
    }
    expect(() => deserialize('["table",{"a":[[1e999]]}]')).toThrow(ExpressionError);
  });

  test("that are malformed fail with a text that tells the fault, and no values", () => {
    const read = (columns: object) => () => deserialize(JSON.stringify(["table", columns]));
    expect(read({ a: [["secret", 2]], b: [[1]] })).toThrow(
      /^malformed table: no columns, or columns of unequal length$/,
    );
    expect(read({ a: ["secret"] })).toThrow(/^malformed table: a column that isn't a list$/);
  });

  test.each([
    ["without columns", ["table", {}]],
    [
      "of 1,025 columns",
      ["table", Object.fromEntries(Array.from({ length: 1_025 }, (_, i) => [`c${i}`, [[1]]]))],
    ],
    ["that is a list", ["table", [[1]]]],
    ["without operands", ["table"]],
    ["of columns of unequal length", ["table", { a: [[1, 2]], b: [[1]] }]],
    ["with a longer table in it", ["table", { a: [[1]], b: ["table", { c: [[1, 2]] }] }]],
    ["with a shorter table first", ["table", { a: ["table", { c: [[]] }], b: [[1]] }]],
    ["with a scalar for a column", ["table", { a: 1 }]],
    ["with a bare list for a column", ["table", { a: [1, 2] }]],
    ["with an object in plain JSON for a column", ["table", { a: ["json", { length: 1 }] }]],
    ["with another expression for a column", ["table", { a: ["date", 0] }]],
    ["with an unknown expression in a cell", ["table", { a: [[["unknown"]]] }]],
    ["with a table of no columns in it", ["table", { a: ["table", {}] }]],
    [
      "in the column of a fourth one",
      [
        "table",
        { a: ["table", { a: ["table", { a: ["table", { a: ["table", { a: [[1]] }] }] }] }] },
      ],
    ],
  ])("are refused: a table %s", (_, forged) => {
    expect(() => decode(forged)).toThrow(ExpressionError);
  });

  test.each([
    ["json", ["json"]],
    ["a gap outside of a table", [[[]]]],
    ["a gap within a cell", ["table", { a: [[[[[]]]]] }]],
  ])("are refused: %s", (_, forged) => {
    expect(() => decode(forged)).toThrow(ExpressionError);
  });

  test("are refused at levels above text, where containers may be shared", () => {
    expect(() => decode(["json", [1]], "jsonCompatible")).toThrow(ExpressionError);
    expect(() => decode(["table", { a: [[1]] }], "structuredClonable")).toThrow(ExpressionError);
  });

  test("can't go over limits with names, rows or columns", () => {
    const decoder = () => new LimitedDecoder({ maxValues: 1_000 });
    const wide = Object.fromEntries(Array.from({ length: 1_000 }, (_, i) => [`k${i}`, [[1]]]));
    expect(decoder().outcome(JSON.stringify(["table", wide]))).toBe("maxValues");
    const long = { a: [Array(999).fill(1)] };
    expect(decoder().outcome(JSON.stringify(["table", long]))).toBe("maxValues");
    const plain = ["json", Array(999).fill([])];
    expect(decoder().outcome(JSON.stringify(plain))).toBe("maxValues");
  });
});
