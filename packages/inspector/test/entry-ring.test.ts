import fc from "fast-check";
import { expect, test } from "vitest";
import type { Entry } from "../src/recording/entry.ts";
import { EntryRing } from "../src/recording/entry-ring.ts";

const entry: fc.Arbitrary<Entry> = fc.oneof(
  fc.record({
    kind: fc.constant("frame" as const),
    session: fc.integer({ min: 1, max: 2 ** 40 }),
    at: fc.double({ noNaN: true }),
    from: fc.constantFrom("client" as const, "server" as const),
    frame: fc.oneof(fc.string(), fc.uint8Array()),
  }),
  fc.record({
    kind: fc.constant("note" as const),
    session: fc.integer({ min: 1, max: 2 ** 40 }),
    at: fc.double({ noNaN: true }),
    note: fc.record({
      is: fc.constant("served" as const),
      serial: fc.nat(),
      name: fc.string(),
      target: fc.option(fc.string(), { nil: undefined }),
    }),
  }),
  fc.record({
    kind: fc.constant("close" as const),
    session: fc.integer({ min: 1 }),
    at: fc.double({ noNaN: true }),
    reason: fc.string(),
  }),
);

test("a ring keeps the latest entries as they were", () => {
  fc.assert(
    fc.property(
      fc.array(entry, { maxLength: 1_200, size: "max" }),
      fc.integer({ min: 1, max: 1_500 }),
      (all, most) => {
        const ring = new EntryRing(most, Infinity);
        for (const each of all) {
          ring.add(each);
          while (ring.isOver) ring.shift();
        }
        expect([...ring]).toEqual(all.slice(-most));
        expect(ring.end).toBe(all.length);
        expect(ring.get(ring.start - 1)).toBeUndefined();
      },
    ),
    { numRuns: 60 },
  );
});

test("the bytes that it keeps are bounded", () => {
  const ring = new EntryRing(Infinity, 10_000);
  for (let i = 0; i < 100; i++) {
    ring.addFrame(1, i, "client", "x".repeat(1_000));
    while (ring.isOver) ring.shift();
  }
  expect([...ring].length).toBe(9);
});
