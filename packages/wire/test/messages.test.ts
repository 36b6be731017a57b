import { describe, expect, test } from "vitest";
import { DEFAULT_LIMITS, joinLines, parseMessage, splitLines } from "../src/index.ts";

test.each([
  '["push",["pipeline",0,["x"],[]]]',
  '["pull",1]',
  '["resolve",-1,[["a"]]]',
  '["reject",9007199254740991,{"any":"thing"}]',
  '["release",-1,2]',
  '["stream",["pipeline",1,["write"],["x"]]]',
  '["pipe"]',
  '["abort",["error","Error","m"]]',
])("checkMessage accepts %s", (text) => {
  expect(parseMessage(text, DEFAULT_LIMITS)).toEqual(JSON.parse(text));
});

test.each([
  "[]",
  "{}",
  "null",
  '"push"',
  '["push"]',
  '["push",1,2]',
  '["pipe",1]',
  '["pull",1.5]',
  '["pull","1"]',
  '["pull",9007199254740992]',
  '["release",1,0]',
  '["release",1,-1]',
  '["release",1,1.5]',
  '["resolve",null,1]',
  '["__proto__"]',
])("checkMessage refuses %s", (text) => {
  expect(() => parseMessage(text, DEFAULT_LIMITS)).toThrow(/^bad RPC message: /);
});

test("parseMessage checks the size before it parses", () => {
  const limits = { ...DEFAULT_LIMITS, maxMessageSize: 10 };
  expect(() => parseMessage("not JSON, and longer", limits)).toThrow(
    "Over limits.maxMessageSize of 10.",
  );
  expect(parseMessage('["pull",1]', limits)).toEqual(["pull", 1]);
});

test("parseMessage refuses a value that isn't text", () => {
  expect(() => parseMessage(new ArrayBuffer(2), DEFAULT_LIMITS)).toThrow(/binary/);
});

test.each([
  ["a line break at the end", (lines: string[]) => `${lines.join("\n")}\n`],
  ["CRLF", (lines: string[]) => lines.join("\r\n")],
  ["CRLF at the end", (lines: string[]) => `${lines.join("\r\n")}\r\n`],
])("a batch's body may have %s", (_, layOut) => {
  const messages = ['["pull",1]', '["pipe"]'];
  expect(splitLines(layOut(messages))).toEqual(messages);
  expect(splitLines(layOut([])).join()).toBe("");
  // An empty line between messages is a message that can't be parsed.
  expect(splitLines(layOut(["[1]", "", "[2]"]))).toEqual(["[1]", "", "[2]"]);
});

test("a batch's body has one message per line, and is empty without messages", () => {
  const messages = ['["pull",1]', '["pipe"]'];
  expect(joinLines(messages)).toBe('["pull",1]\n["pipe"]');
  expect(splitLines(joinLines(messages))).toEqual(messages);
  expect(joinLines([])).toBe("");
  expect(splitLines("")).toEqual([]);
});

describe("the depth of a long text", () => {
  const nested = (depth: number, inner: string) => "[".repeat(depth) + inner + "]".repeat(depth);
  const long = "x".repeat(300_000);
  const push = (expression: string) => `["push",${expression}]`;

  test.each([
    ["lists", "[".repeat(300_000)],
    ["lists that end", nested(150_000, "0")],
    ["objects", '{"a":'.repeat(60_000)],
    ["lists after a text", push(`["a","${long}",${nested(5_000, "0")}]`)],
  ])("is checked before it is parsed: %s", (_, text) => {
    expect(() => parseMessage(text, DEFAULT_LIMITS)).toThrow("Over limits.maxDepth of 256.");
  });

  test.each([
    ["brackets in a text", push(`"${"[{".repeat(150_000)}"`)],
    ["quotes in a text", push(`"${'\\"[{'.repeat(80_000)}"`)],
    ["many lists side by side", push(`[[${Array(10_000).fill(`[["${"x".repeat(30)}"]]`)}]]`)],
    ["a value as deep as may be sent", push(`[["${long}",${nested(510, "0")}]]`)],
  ])("lets pass %s", (_, text) => {
    expect(parseMessage(text, DEFAULT_LIMITS)).toEqual(JSON.parse(text));
  });
});
