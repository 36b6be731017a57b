import { expect, test } from "vitest";
import { CapsuleReader, capsule, varint } from "../../src/attack/media/capsules.ts";

test.each([1, 2, 3, 7, 1_000])("CapsuleReader finds the capsules in chunks of %d bytes", (size) => {
  const sent = [
    [0, ""],
    [0x2843, "closed"],
    [0x190b4d3b, "x".repeat(300)],
  ] as const;
  const bytes = Buffer.concat(sent.map(([type, text]) => capsule(type, Buffer.from(text))));
  const taken: [number, string][] = [];
  const reader = new CapsuleReader((type, payload) => taken.push([type, String(payload)]));
  for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size));
  expect(taken).toEqual(sent);
});

test("readVarint reads short integers as well as long ones", () => {
  const taken: number[] = [];
  const reader = new CapsuleReader((type, payload) => taken.push(type, payload.length));
  reader.push(Buffer.concat([Buffer.of(5, 1, 9), varint(6), Buffer.of(0x40, 2, 9, 9)]));
  expect(taken).toEqual([5, 1, 6, 2]);
});
