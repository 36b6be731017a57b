import { type TaggedExpression, unknownExpression } from "@capnweb/wire";
import { UnreadStream } from "../stream/readable.ts";
import { writableOver } from "../stream/writable.ts";
import { WritableHook } from "../stream/writable-hook.ts";
import type { CoreValueType } from "./core-value-type.ts";

// Streams are told by `instanceof`: those of a TransformStream have a prototype of their own in Node.

export const readableType: CoreValueType<ReadableStream> = {
  kind: "ReadableStream",
  tags: ["readable"],
  matches: (value): value is ReadableStream => value instanceof ReadableStream,
  streamOf: (stream) => stream,
  encode(stream, cx) {
    cx.requireOwned();
    return cx.readable(stream);
  },
  decode(expression, cx) {
    const stream = cx.takeReadable(streamId(expression));
    cx.adopt(new UnreadStream(stream));
    return stream;
  },
};

export const writableType: CoreValueType<WritableStream> = {
  kind: "WritableStream",
  tags: ["writable"],
  matches: (value): value is WritableStream => value instanceof WritableStream,
  encode(stream, cx) {
    cx.requireOwned();
    return cx.writable(WritableHook.of(cx.runtime, stream));
  },
  decode(expression, cx) {
    const hook = cx.importStub(streamId(expression));
    const stream = writableOver(hook, cx.runtime);
    cx.adopt({ dispose: () => stream.discard() });
    return stream.writable;
  },
};

function streamId(expression: TaggedExpression): number {
  const id = expression[1];
  if (expression.length !== 2 || typeof id !== "number") throw unknownExpression(expression);
  return id;
}
