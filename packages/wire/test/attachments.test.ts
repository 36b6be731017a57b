import { expect, test } from "vitest";
import { DEFAULT_LIMITS, joinAttachments, splitAttachments } from "../src/index.ts";

const bytes = Uint8Array.from({ length: 1_000 }, (_, i) => i % 251);

test("the bytes of a frame with a buffer of its own stay where they are, and its text doesn't", () => {
  const frame = Buffer.from(joinAttachments('["secret"]', [bytes]).buffer);
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
  const shared = Buffer.alloc(start + frame.length + end, 7);
  shared.set(frame, start);
  const before = Buffer.from(shared);
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
  const text = JSON.stringify(["long".repeat(1_000)]);
  const frame = Buffer.from(joinAttachments(text, [bytes]).buffer);
  const { attachments } = splitAttachments(frame, DEFAULT_LIMITS);
  expect(attachments.buffer.byteLength).toBe(bytes.length);
});

test("bytes of a frame that is no Buffer start where their buffer does", () => {
  const frame = Uint8Array.from(joinAttachments('["secret"]', [bytes]));
  const { attachments } = splitAttachments(frame, DEFAULT_LIMITS);
  expect([attachments.byteOffset, attachments.buffer.byteLength]).toEqual([0, bytes.length]);
});
