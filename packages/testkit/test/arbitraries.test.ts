import { DEFAULT_LIMITS, MESSAGE_TAGS, parseMessage, withoutDocuments } from "@capnweb/wire";
import fc from "fast-check";
import { expect, test } from "vitest";
import { expression, expressionLike, message, messageLike } from "../src/arbitraries/index.ts";

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

test("it gives documents: plain JSON, and tables that have records", () => {
  const isDocument = (tree: any) => tree?.[0] === "json" || tree?.[0] === "table";
  const documents = fc.sample(expression, { numRuns: 500, seed: 1 }).filter(isDocument);
  const ordinary = documents.map((each) => withoutDocuments(each) as any);
  expect(ordinary.length).toBeGreaterThan(50);
  expect(ordinary.filter((each) => each?.[0]?.length > 1).length).toBeGreaterThan(10);
  const malformed = fc.sample(expressionLike, { numRuns: 2_000, seed: 1 }).filter(isDocument);
  const refused = malformed.filter((each) => {
    try {
      withoutDocuments(each);
      return false;
    } catch {
      return true;
    }
  });
  expect(refused.length).toBeGreaterThan(10);
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
