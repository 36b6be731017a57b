import { expect, test } from "vitest";
import { matches } from "../src/conformance/match.ts";
import { withIds } from "../src/conformance/references.ts";
import { ReferencesHeld } from "../src/conformance/references-held.ts";

test.each([
  ["the same", [1, "x", null, true], [1, "x", null, true], true],
  ["another order of keys", { a: 1, b: [[]] }, { b: [[]], a: 1 }, true],
  ["padded base64", ["bytes", "/w"], ["bytes", "/w=="], true],
  ["no stack, in other words", ["error", "E", "m"], ["error", "E", "m", null], true],
  ["no properties, in other words", ["error", "E", "m"], ["error", "E", "m", null, {}], true],
  ["another number", [1], [2], false],
  ["a longer list", [1], [1, 2], false],
  ["a shorter list", [1, 2], [1], false],
  ["a key too many", { a: 1 }, { a: 1, b: 2 }, false],
  ["a key of another name", { a: 1 }, { b: 1 }, false],
  ["a list for an object", {}, [], false],
  ["an object for a list", [], {}, false],
  ["null for an object", {}, null, false],
  ["other bytes", ["bytes", "/w"], ["bytes", "/g"], false],
  ["another message", ["error", "E", "m"], ["error", "E", "n"], false],
  ["plain JSON", ["json", { a: [1], b: 2 }], ["json", { b: 2, a: [1] }], true],
  [
    "a list in it that looks like bytes",
    ["json", ["bytes", "/w"]],
    ["json", ["bytes", "/w=="]],
    false,
  ],
  ["a stack that nobody allowed", ["error", "E", "m"], ["error", "E", "m", "at x"], false],
  [
    "another property",
    ["error", "E", "m", null, { a: 1 }],
    ["error", "E", "m", null, { a: 2 }],
    false,
  ],
])("messages match only if they mean the same: %s", (_, expected, actual, result) => {
  expect(matches(expected, actual)).toBe(result);
});

test("ids in plain JSON are no ids", () => {
  const changes = { target: (id: number) => ({ id: id + 1, path: [] }), pipe: (id: number) => id };
  const plain = [
    "json",
    [
      ["import", 1],
      ["pipeline", 2, ["a"]],
    ],
  ];
  const table = ["table", { a: [[["pipeline", 2], []]], b: ["json", [["import", 1], 0]] }];
  expect(withIds([[plain, table]], changes)).toEqual([
    [plain, ["table", { a: [[["pipeline", 3], []]], b: ["json", [["import", 1], 0]] }]],
  ]);
  const held = new ReferencesHeld();
  held.said([
    "resolve",
    1,
    [
      [
        ["export", -1],
        ["json", ["export", -1]],
      ],
    ],
  ]);
  expect(held.heard(["release", -1, 1])).toBeUndefined();
  expect(held.heard(["push", ["json", ["import", -1]]])).toBeUndefined();
  expect(held.heard(["push", ["table", { a: [[["import", -1]]] }]])).toBe(-1);
});

test("an error in an implementation's own wording must still be an error", () => {
  const expected = ["error", "TypeError", "as the reference says it"];
  expect(matches(expected, ["error", "Error", "otherwise"], { ownWording: true })).toBe(true);
  expect(matches(expected, ["error", "Error"], { ownWording: true })).toBe(false);
  expect(matches(expected, ["undefined"], { ownWording: true })).toBe(false);
});
