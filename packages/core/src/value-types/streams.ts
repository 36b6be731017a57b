import { type TaggedExpression, unknownExpression } from "@capnweb/wire";
import { readableDisposer } from "../stream/readable.ts";
import { writableOver } from "../stream/writable.ts";
import { WritableHook } from "../stream/writable-hook.ts";
import type { CoreValueType } from "./core-value-type.ts";

/** The rows of the stream classes that this runtime has. */
export function streamTypes(): CoreValueType[] {
  const types: CoreValueType[] = [];
  if (typeof ReadableStream === "function") types.push(readableType(ReadableStream.prototype));
  if (typeof WritableStream === "function") types.push(writableType(WritableStream.prototype));
  return types;
}

function readableType(prototype: object): CoreValueType<ReadableStream> {
  return {
    kind: "ReadableStream",
    tags: ["readable"],
    prototypes: [prototype],
    disposerOf: readableDisposer,
    encode: (stream, cx) => cx.readable(stream),
    decode(expression, cx) {
      const stream = cx.takeReadable(streamId(expression));
      cx.adopt(readableDisposer(stream));
      return stream;
    },
  };
}

function writableType(prototype: object): CoreValueType<WritableStream> {
  return {
    kind: "WritableStream",
    tags: ["writable"],
    prototypes: [prototype],
    encode: (stream, cx) => cx.writable(WritableHook.of(cx.runtime, stream)),
    decode(expression, cx) {
      const hook = cx.importStub(streamId(expression));
      const stream = writableOver(hook, cx.runtime);
      cx.adopt({ dispose: () => stream.discard() });
      return stream.writable;
    },
  };
}

function streamId(expression: TaggedExpression): number {
  const id = expression[1];
  if (expression.length !== 2 || typeof id !== "number") throw unknownExpression(expression);
  return id;
}
