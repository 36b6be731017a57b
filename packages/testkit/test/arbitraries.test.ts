import { DEFAULT_LIMITS, MESSAGE_TAGS, parseMessage } from "@capnweb/wire";
import fc from "fast-check";
import { expect, test } from "vitest";
import { expression, message, messageLike } from "../src/arbitraries/index.ts";

const parse = (tree: unknown) => parseMessage(JSON.stringify(tree), DEFAULT_LIMITS);

test("the arbitrary of messages gives well-formed messages of every kind", () => {
  const seen = new Set<unknown>();
  fc.assert(
    fc.property(message, (tree) => {
      parse(tree);
      seen.add(tree[0]);
    }),
    { numRuns: 500, seed: 1 },
  );
  expect([...seen].sort()).toEqual([...MESSAGE_TAGS].sort());
});

test("the arbitrary of expressions gives references of every kind", () => {
  const text = JSON.stringify(fc.sample(expression, { numRuns: 500, seed: 1 }));
  for (const tag of ["export", "import", "pipeline", "promise", "readable", "remap", "writable"]) {
    expect(text).toContain(`["${tag}",`);
  }
});

test("the arbitrary of malformed messages gives few that are well-formed", () => {
  const trees = fc.sample(messageLike, { numRuns: 500, seed: 1 });
  const malformed = trees.filter((tree) => {
    try {
      parse(tree);
      return false;
    } catch {
      return true;
    }
  });
  expect(malformed.length).toBeGreaterThan(250);
  expect(malformed.length).toBeLessThan(500);
});
