import { isNumber } from "@capnweb/wire/internal";
import { STREAM_BYTES } from "../call-context/counts.ts";
import type { CoreValueType } from "../model/core-value-type.ts";
import { HeldStream } from "../stream/held-stream.ts";
import { writableOver } from "../stream/writable.ts";

// Recognised by `instanceof`, because the streams of a TransformStream have a prototype of their
// own in Node. React Native has no streams.

const readableType: CoreValueType<ReadableStream, [id: number]> = {
  kind: "ReadableStream",
  tags: ["readable"],
  weight: 64,
  operands: [isNumber],
  matches: (value): value is ReadableStream =>
    typeof ReadableStream === "function" && value instanceof ReadableStream,
  streamOf: (stream) => stream,
  encode: (stream, cx) => cx.readable(stream),
  decode([, id], cx) {
    const stream = cx.readable(id);
    cx.budget?.keep(STREAM_BYTES);
    cx.adopt(new HeldStream(stream));
    return stream;
  },
};

const writableType: CoreValueType<WritableStream, [id: number]> = {
  kind: "WritableStream",
  tags: ["writable"],
  weight: 512,
  operands: [isNumber],
  matches: (value): value is WritableStream =>
    typeof WritableStream === "function" && value instanceof WritableStream,
  streamOf: (stream) => stream,
  encode: (stream, cx) => cx.writable(stream),
  decode([, id], cx) {
    const stream = writableOver(cx.introduce(id, "stream"), cx.runtime);
    cx.budget?.keep(STREAM_BYTES);
    cx.adopt(new HeldStream(stream));
    return stream;
  },
};

/** The rows of streams. */
export const streamTypes: readonly CoreValueType[] = [readableType, writableType];
