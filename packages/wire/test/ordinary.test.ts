import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { value } from "../../testkit/src/arbitraries/index.ts";
import {
  ALL_DOCUMENTS,
  deserialize,
  ExpressionError,
  LimitError,
  serialize,
  withoutDocuments,
} from "../src/index.ts";
import { tableRecords } from "../src/internal.ts";

const table = (columns: object) => ["table", columns];

/** Values in which encoders find documents. */
const documented = fc
  .tuple(value, value, fc.array(fc.boolean(), { minLength: 16, maxLength: 16 }))
  .map(([a, b, has]) => [
    has.map((isThere) => (isThere ? { a, b, c: { a } } : { a, c: { a } })),
    { a: [[a]], b: [has.map(() => ({ a: [1], b: { c: [2] } }))] },
  ]);

describe("withoutDocuments", () => {
  test("gives the expression that a peer without the extensions gets", () => {
    fc.assert(
      fc.property(documented, (original) => {
        const text = serialize(original, { documents: ALL_DOCUMENTS });
        expect(text).toContain('"table"');
        expect(JSON.stringify(withoutDocuments(JSON.parse(text)))).toBe(serialize(original));
      }),
      { numRuns: 300 },
    );
  });

  test.each<[string, unknown, unknown]>([
    ["a call", ["json", [1]], ["pipeline", 0, ["m"], [[[1]]]]],
    ["properties of an error", ["json", [1]], ["error", "Error", "m", null, { a: [[1]] }]],
    ["a response", ["json", [1]], ["response", [[1]], {}]],
    ["an own type", ["json", [1]], ["app:pair", 1, [[1]]]],
    ["a list", table({ a: [[1, []]], b: [[[], 2]] }), [[[[{ a: 1 }, { b: 2 }]], 0]]],
  ])("finds documents in %s", (_, document, ordinary) => {
    const expected = JSON.stringify(ordinary);
    const inner = JSON.stringify(withoutDocuments(document));
    const original = JSON.parse(expected.replace(inner, JSON.stringify(document)));
    const before = JSON.stringify(original);
    expect(withoutDocuments(original)).toEqual(ordinary);
    expect(JSON.stringify(original)).toBe(before);
  });

  test("returns expressions without documents as they are, and reads none into paths", () => {
    for (const expression of [
      ["pipeline", 0, ["json", 5], [{ a: [["table"]] }]],
      { a: ["headers", [["json", "x"]]], b: new Date(0) },
      ["remap", 0, ["json", 1], [], [["json", [1]]]],
    ]) {
      expect(withoutDocuments(expression)).toBe(expression);
    }
  });

  test("keeps lists in plain JSON that look like expressions lists", () => {
    const forged = ["json", { a: ["import", 0], b: ["json", [["bytes", 5]]] }];
    expect(withoutDocuments(forged)).toEqual({
      a: [["import", 0]],
      b: [["json", [[[["bytes", 5]]]]]],
    });
  });

  test("keeps an own member named __proto__ one, so that it is shown and redacted", () => {
    const forged = JSON.parse(
      `["table", {"__proto__": [[{"x": 1}]], "a": ["json", [{"__proto__": [1]}]]}]`,
    );
    expect(JSON.stringify(withoutDocuments(forged))).toBe(
      `[[{"__proto__":{"x":1},"a":{"__proto__":[[1]]}}]]`,
    );
  });

  test.each([
    ["no columns", table({})],
    ["a list of columns", ["table", [[1]]]],
    ["columns of unequal length", table({ a: [[1]], b: ["json", [1, 2]] })],
    ["a longer table in it", table({ a: [[1]], b: table({ c: [[1, 2]] }) })],
    ["a column that is no list", table({ a: ["json", { length: 1 }] })],
    ["a column that is another expression", table({ a: [[1], 2] })],
    ["nothing", ["json"]],
  ])("refuses a document with %s", (_, forged) => {
    expect(() => withoutDocuments([[{ a: forged }]])).toThrow(ExpressionError);
  });

  test("bounds its work: tables that are columns repeat each row", () => {
    let bomb: unknown = [Array(100_000).fill(1)];
    for (let level = 0; level < 100; level++) bomb = table({ a: bomb });
    expect(() => withoutDocuments(bomb)).toThrow(ExpressionError);
    let deep: unknown = [[1]];
    for (let level = 0; level < 100_000; level++) deep = table({ a: deep });
    expect(() => withoutDocuments(deep)).toThrow(ExpressionError);
    const text = `["json",${"[".repeat(100_000)}${"]".repeat(100_000)}]`;
    expect(() => withoutDocuments(JSON.parse(text))).toThrow(LimitError);
  });
});

describe("the vectors for other implementations", () => {
  const vectors = JSON.parse(
    readFileSync(new URL("../../testkit/vectors/documents.json", import.meta.url), "utf8"),
  );

  test.each<any>(vectors.values)(
    "have the value of a document: $name",
    ({ document, expression }) => {
      const decoded = deserialize(JSON.stringify(document));
      expect(decoded).toStrictEqual(deserialize(JSON.stringify(expression)));
      expect(serialize(decoded)).toBe(JSON.stringify(expression));
    },
  );

  test.each<any>(vectors.malformed)("have malformed documents: $name", ({ document }) => {
    expect(() => deserialize(JSON.stringify(document))).toThrow(ExpressionError);
  });
});

test("tableRecords makes only the records that are asked for", () => {
  const records = tableRecords(
    table({
      id: [Array(1_000_000).fill(7)],
      by: table({ n: ["json", Array(1_000_000).fill([1])] }),
    }),
  )!;
  expect(records.length).toBe(1_000_000);
  expect(records.at(999_999)).toEqual({ id: 7, by: { n: ["json", [1]] } });
  expect(tableRecords([[1]])).toBeUndefined();
});
