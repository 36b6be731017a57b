import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { noted, notedFailure } from "../src/program/notes.ts";
import { isError } from "../src/realms.ts";

test.each([
  ["new RangeError('far')", ["error", "RangeError", "far"]],
  [
    "new Error('outer', { cause: new TypeError('inner') })",
    ["error", "Error", "outer", null, { cause: ["error", "TypeError", "inner"] }],
  ],
  ["({ list: [1, { x: undefined }] })", { list: [[1, { x: ["undefined"] }]] }],
  ["new Date(5)", ["date", 5]],
  ["new Uint8Array([255])", ["bytes", "/w"]],
  ["new Float64Array([0])", ["bytes", "AAAAAAAAAAA", "Float64Array"]],
])("a program notes a value of another realm like one of its own: %s", (code, expression) => {
  expect(noted(runInNewContext(code))).toEqual(expression);
});

test("an error of any realm is recognised", () => {
  expect(isError(runInNewContext("new AggregateError([])"))).toBe(true);
  expect(isError(new DOMException("gone", "AbortError"))).toBe(true);
  expect(isError({ name: "Error", message: "no error" })).toBe(false);
  const [tag] = notedFailure(runInNewContext("new Error('x')")) as [string];
  expect(tag).toBe("$failed");
});
