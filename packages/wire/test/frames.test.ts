import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FrameDecoder, FrameEncoder, FrameError, LimitError } from "../src/index.ts";

const CHUNK_SIZE = 64 * 1024;

type Message = string | Uint8Array;

/**
 * Messages of one to four bytes per character, empty ones, one as long as a line break, and bytes
 * that aren't UTF-8.
 */
const MESSAGES = [
  '["pipe"]',
  "",
  '["é€\u{1f600}"]',
  new Uint8Array([0xff, 0, 0x80]),
  "\n",
  "",
  '["last"]',
];

function chunksOf(messages: readonly Message[], chunkSize = CHUNK_SIZE): Uint8Array[] {
  const encoder = new FrameEncoder(chunkSize);
  for (const message of messages) encoder.push(message);
  const chunks: Uint8Array[] = [];
  for (let chunk = encoder.take(); chunk !== undefined; chunk = encoder.take()) chunks.push(chunk);
  expect(encoder.pending).toBe(0);
  return chunks;
}

const bytesOf = (messages: readonly Message[]) => new Uint8Array(Buffer.concat(chunksOf(messages)));

function messagesIn(chunks: Iterable<Uint8Array>, maxSize = 2 ** 32): Message[] {
  const decoder = new FrameDecoder(maxSize);
  const messages: Message[] = [];
  for (const chunk of chunks) decoder.push(chunk, (message) => messages.push(message));
  decoder.end();
  return messages;
}

/** Overwrites each chunk once it was handed in, so that a decoder that keeps a view of it fails. */
function* overwritten(chunks: Iterable<Uint8Array>): Iterable<Uint8Array> {
  for (const chunk of chunks) {
    const copy = chunk.slice();
    yield copy;
    copy.fill(0xff);
  }
}

test("a frame is a big-endian length of 32 bits, followed by UTF-8", () => {
  expect([...bytesOf(["é"])]).toEqual([0, 0, 0, 2, 0xc3, 0xa9]);
  expect([...bytesOf([""])]).toEqual([0, 0, 0, 0]);
  expect([...bytesOf(["x".repeat(66_000)]).subarray(0, 5)]).toEqual([0, 1, 1, 0xd0, 0x78]);
});

test("a frame of bytes has the highest bit of its length set", () => {
  expect([...bytesOf([new Uint8Array([7, 0xc3])])]).toEqual([0x80, 0, 0, 2, 7, 0xc3]);
  const large = new Uint8Array(66_000).fill(9);
  expect([...bytesOf([large]).subarray(0, 5)]).toEqual([0x80, 1, 1, 0xd0, 9]);
  expect(messagesIn([bytesOf([large, "after"])])).toEqual([large, "after"]);
});

describe("a FrameDecoder", () => {
  const bytes = bytesOf(MESSAGES);

  test("gives the same messages for every split of the bytes into two", () => {
    for (let at = 0; at <= bytes.length; at++) {
      const parts = [bytes.subarray(0, at), bytes.subarray(at)];
      expect(messagesIn(overwritten(parts))).toEqual(MESSAGES);
    }
  });

  test("gives the same messages for every split into three", () => {
    for (let first = 0; first <= bytes.length; first++) {
      for (let second = first; second <= bytes.length; second++) {
        const parts = [
          bytes.subarray(0, first),
          bytes.subarray(first, second),
          bytes.subarray(second),
        ];
        expect(messagesIn(overwritten(parts))).toEqual(MESSAGES);
      }
    }
  });

  test("gives the same messages for chunks of any size, down to one byte", () => {
    for (let size = 1; size <= bytes.length; size++) {
      const parts: Uint8Array[] = [];
      for (let at = 0; at < bytes.length; at += size) parts.push(bytes.subarray(at, at + size));
      expect(messagesIn(overwritten(parts))).toEqual(MESSAGES);
    }
  });

  test("gives a large message whole, even if its pieces split characters", () => {
    const message = "\u{1f600}é€x".repeat(50_000);
    const large = bytesOf([message, "after"]);
    const parts: Uint8Array[] = [];
    for (let at = 0; at < large.length; at += 4099) parts.push(large.subarray(at, at + 4099));
    expect(messagesIn(overwritten(parts))).toEqual([message, "after"]);
  });

  test("keeps a byte order mark as part of the message", () => {
    expect(messagesIn([bytesOf(["\ufeff[]"])])).toEqual(["\ufeff[]"]);
  });

  test("hands out bytes in a buffer of their own", () => {
    const whole = bytesOf([new Uint8Array([1, 2, 3]), new Uint8Array(1_000)]);
    for (const cut of [0, 5, 20]) {
      const messages = messagesIn(overwritten([whole.subarray(0, cut), whole.subarray(cut)]));
      expect(messages).toEqual([new Uint8Array([1, 2, 3]), new Uint8Array(1_000)]);
      for (const each of messages as Uint8Array[]) expect(each.buffer.byteLength).toBe(each.length);
    }
  });

  test("hands out a message as soon as its last byte has arrived", () => {
    const decoder = new FrameDecoder(100);
    const messages: Message[] = [];
    const whole = bytesOf(["one", "two"]);
    decoder.push(whole.subarray(0, 6), (message) => messages.push(message));
    expect(messages).toEqual([]);
    decoder.push(whole.subarray(6, 7), (message) => messages.push(message));
    expect(messages).toEqual(["one"]);
  });

  test("fails at the end of the stream only within a frame", () => {
    const ends = new Set([0]);
    for (let i = 1; i <= MESSAGES.length; i++) ends.add(bytesOf(MESSAGES.slice(0, i)).length);
    for (let at = 0; at <= bytes.length; at++) {
      const decoder = new FrameDecoder(100);
      decoder.push(bytes.subarray(0, at), () => {});
      if (ends.has(at)) decoder.end();
      else expect(() => decoder.end()).toThrow(FrameError);
    }
  });

  test("says in its error how many bytes are missing", () => {
    const decoder = new FrameDecoder(100);
    decoder.push(new Uint8Array([0, 0]), () => {});
    expect(() => decoder.end()).toThrow("of which it brought 2 of the 4 bytes of its length");
    decoder.push(new Uint8Array([0, 9, 0x5b]), () => {});
    expect(() => decoder.end()).toThrow("of which it brought 1 of its 9 bytes");
  });

  test("refuses a length over the limit with the length's last byte", () => {
    const accepted = new FrameDecoder(8);
    accepted.push(new Uint8Array([0, 0, 0, 8]), () => {});
    for (const length of [9, 2 ** 16, 2 ** 31 - 1, 2 ** 31 + 9, 2 ** 32 - 1]) {
      const decoder = new FrameDecoder(8);
      const header = new Uint8Array(4);
      new DataView(header.buffer).setUint32(0, length);
      decoder.push(header.subarray(0, 3), () => {});
      expect(() => decoder.push(header.subarray(3), () => {})).toThrow(LimitError);
    }
  });

  test("hands out the messages before a bad frame", () => {
    const messages: Message[] = [];
    const decoder = new FrameDecoder(100);
    const bad = new Uint8Array([...bytesOf(["good"]), 0, 0, 0, 2, 0xc3, 0x28]);
    expect(() => decoder.push(bad, (message) => messages.push(message))).toThrow(FrameError);
    expect(messages).toEqual(["good"]);
  });

  test("takes no memory for an announced length before its bytes arrive", () => {
    const before = process.memoryUsage().arrayBuffers;
    const decoders = Array.from({ length: 100 }, () => new FrameDecoder(2 ** 32));
    for (const decoder of decoders) decoder.push(new Uint8Array([0x7f, 0, 0, 0, 1]), () => {});
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100 * 1024 * 1024);
    for (const decoder of decoders) expect(() => decoder.end()).toThrow("brought 1 of its");
  });
});

describe("a FrameEncoder", () => {
  test("makes every chunk but the last as large as allowed", () => {
    const messages = Array.from({ length: 5000 }, (_, i) => "é".repeat(i % 40));
    const chunks = chunksOf(messages, 1000);
    const sizes = new Set(chunks.slice(0, -1).map(({ length }) => length));
    expect(sizes).toEqual(new Set([1000]));
    expect(chunks.at(-1)!.length).toBeLessThanOrEqual(1000);
    expect(messagesIn(chunks)).toEqual(messages);
  });

  test("splits a large message, and fills its last chunk with the next", () => {
    const chunks = chunksOf(["x".repeat(2500), "y"], 1000);
    expect(chunks.map(({ length }) => length)).toEqual([1000, 1000, 504 + 5]);
  });

  test("gives each chunk away to the caller", () => {
    const encoder = new FrameEncoder(1000);
    encoder.push("one");
    const first = encoder.take()!;
    encoder.push("two");
    encoder.take();
    expect(messagesIn([first])).toEqual(["one"]);
    expect(first.buffer.byteLength).toBe(first.length);
  });

  test("counts waiting messages until they are taken", () => {
    const encoder = new FrameEncoder(1000);
    expect(encoder.take()).toBe(undefined);
    encoder.push("x".repeat(2000));
    encoder.push("y");
    expect(encoder.pending).toBe(2009);
    encoder.take();
    expect(encoder.pending).toBe(1009);
  });

  test("makes chunks of any size that decode to the same messages", () => {
    const text = fc.string({ unit: "grapheme", maxLength: 60 });
    const messages = fc.array(fc.oneof(text, fc.uint8Array({ maxLength: 60 })), { maxLength: 20 });
    fc.assert(
      fc.property(messages, fc.integer({ min: 1, max: 100 }), (list, chunkSize) => {
        const chunks = chunksOf(list, chunkSize);
        for (const { length } of chunks) expect(length).toBeLessThanOrEqual(chunkSize);
        expect(messagesIn(overwritten(chunks))).toEqual(list);
      }),
      { seed: 1 },
    );
  });
});
