import { expect, test } from "vitest";
import { DEFAULT_LIMITS, joinAttachments, splitAttachments } from "../src/index.ts";

const bytes = Uint8Array.from({ length: 1_000 }, (_, i) => i % 251);

test("the bytes of a frame with a buffer of its own stay where they are, and its text doesn't", () => {
  const frame = joinAttachments('["secret"]', [bytes]);
  const { text, attachments } = splitAttachments(frame, DEFAULT_LIMITS);
  expect(text).toBe('["secret"]');
  expect(attachments.buffer).toBe(frame.buffer);
  expect([...attachments]).toEqual([...bytes]);
  const before = new Uint8Array(attachments.buffer, 0, attachments.byteOffset);
  expect(before.every((byte) => byte === 0)).toBe(true);
});

test.each([
  ["before", 0, 8],
  ["after", 8, 0],
])("the bytes of a frame %s something else in its buffer are copied", (_, start, end) => {
  const frame = joinAttachments('["secret"]', [bytes]);
  const shared = new Uint8Array(start + frame.length + end).fill(7);
  shared.set(frame, start);
  const before = shared.slice();
  const { text, attachments } = splitAttachments(
    shared.subarray(start, start + frame.length),
    DEFAULT_LIMITS,
  );
  expect(text).toBe('["secret"]');
  expect([...attachments]).toEqual([...bytes]);
  expect(attachments.buffer.byteLength).toBe(bytes.length);
  expect(shared).toEqual(before);
});

test("few bytes don't keep the memory of a long text", () => {
  const frame = joinAttachments(JSON.stringify(["long".repeat(1_000)]), [bytes]);
  const { attachments } = splitAttachments(frame, DEFAULT_LIMITS);
  expect(attachments.buffer.byteLength).toBe(bytes.length);
});
