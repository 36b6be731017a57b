import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { formatVectors, recordVectors } from "../src/golden/vectors.ts";
import { OURS, REFERENCE } from "../src/implementation.ts";

const file = new URL("../../packages/testkit/vectors/values.json", import.meta.url);
const text = readFileSync(file, "utf8");
const vectors = JSON.parse(text);

test("the vectors match the reference", () => {
  expect(formatVectors(recordVectors(REFERENCE))).toBe(text);
});

test("our codec matches the vectors, and also rejects invalid base64 and headers", () => {
  const { rejected, ...rest } = recordVectors(OURS);
  // The reference loses names that aren't built in.
  const accepted = vectors.accepted.map((each: { expression: unknown[] }) =>
    each.expression[1] === "CustomError" ? { ...each, canonical: each.expression } : each,
  );
  expect(rest).toEqual({ values: vectors.values, accepted });
  const ourOwn = rejected.filter(
    ({ name }) => !vectors.rejected.some((each: { name: string }) => each.name === name),
  );
  expect(ourOwn.map(({ name }) => name)).toEqual([
    "bytes that are no base64",
    "headers with a number",
  ]);
  expect(rejected).toEqual(expect.arrayContaining(vectors.rejected));
});
