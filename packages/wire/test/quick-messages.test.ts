// Short messages are read without JSON.parse. For any text, the outcome must be the same.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkMessage, DEFAULT_LIMITS, parseMessage } from "../src/index.ts";
import { learnPath, readQuickly } from "../src/quick-messages.ts";

/** Reads a message without the short cut. */
function readSlowly(text: string): unknown {
  try {
    return { message: checkMessage(JSON.parse(text)) };
  } catch {
    return "refused";
  }
}

function read(text: string): unknown {
  try {
    return { message: parseMessage(text, DEFAULT_LIMITS) };
  } catch {
    return "refused";
  }
}

/** Makes the path of a call known, however many calls that takes. */
function learn(text: string): void {
  for (let i = 0; i < 8; i++) learnPath(text, JSON.parse(text));
}

const integer = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.constantFrom(0, -0, 999_999_999_999_999, -999_999_999_999_999, 2 ** 53),
);
const path = fc.array(fc.oneof(fc.string({ maxLength: 6 }), fc.nat()), { maxLength: 3 });
const list = fc.oneof(
  fc.constant([]),
  fc.tuple(integer),
  fc.array(fc.jsonValue({ maxDepth: 3 }), { maxLength: 4 }),
);
const call = fc
  .tuple(fc.constantFrom("push", "stream"), integer, path, list)
  .map(([tag, id, steps, args]) => [tag, ["pipeline", id, steps, args]]);
const message = fc.oneof(
  call,
  fc.tuple(fc.constantFrom("pull", "pipe", "abort"), integer),
  fc.tuple(fc.constantFrom("resolve", "release", "reject"), integer, integer),
  fc.tuple(fc.constant("resolve"), integer, fc.jsonValue()),
);

describe("a message that is read quickly", () => {
  test("equals the result of JSON.parse", () => {
    fc.assert(
      fc.property(message, (tree) => {
        const text = JSON.stringify(tree);
        if (Array.isArray(tree[1])) learn(text);
        expect(read(text)).toEqual(readSlowly(text));
      }),
      { numRuns: 3000 },
    );
  });

  test("equals the result of JSON.parse, or is refused, with one character more, less or different", () => {
    const character = fc.constantFrom(...'0123456789-+.eE,[]"{}: \n\\]]pushtream');
    fc.assert(
      fc.property(message, fc.nat(), fc.nat(2), character, (tree, at, cut, inserted) => {
        const text = JSON.stringify(tree);
        if (Array.isArray(tree[1])) learn(text);
        const index = at % (text.length + 1);
        const changed = text.slice(0, index) + inserted + text.slice(index + cut);
        expect(read(changed)).toEqual(readSlowly(changed));
      }),
      { numRuns: 10_000 },
    );
  });

  test.each([
    ["a path in which its own end stands", '["push",["pipeline",0,["a],[b"],[1]]]'],
    ["brackets in its arguments", '["push",["pipeline",0,["f"],["]]]"]]]'],
    ["two lists of arguments", '["push",["pipeline",0,["f"],[1],[2]]]'],
    ["more after its arguments", '["push",["pipeline",0,["f"],[1]],5]]]'],
    ["arguments that are no list", '["push",["pipeline",0,["f"],{"a":[[1]]}]]'],
    ["a leading zero", '["resolve",01,5]'],
    ["a sign alone", '["resolve",-,5]'],
    ["no id", '["resolve",,5]'],
    ["a number that is too long", '["resolve",1,12345678901234567890]'],
    ["a fraction", '["pull",1.5]'],
    ["no references", '["release",1,0]'],
    ["nothing at all", ""],
    ["a tag alone", '["pull",'],
  ])("equals the result of JSON.parse with %s", (_, text) => {
    learn('["push",["pipeline",0,["f"],[1]]]');
    learn('["push",["pipeline",0,["a],[b"],[1]]]');
    expect(read(text)).toEqual(readSlowly(text));
  });

  test("belongs to the receiver, and shares no path with the next one", () => {
    const text = '["stream",["pipeline",7,["greet"],[1]]]';
    learn(text);
    const first = readQuickly(text) as any;
    first[1][2].push("changed");
    expect(readQuickly(text)).toEqual(["stream", ["pipeline", 7, ["greet"], [1]]]);
  });
});
