import { ExpressionError } from "../errors.ts";
import { isString } from "../operands.ts";
import type { Expression, ValueType } from "../value-type.ts";
import { runtimeClass } from "./runtime-classes.ts";

// Of the bytes alone: the types of Workers don't know `BlobPart`.
const blobs = runtimeClass<Blob, [Uint8Array<ArrayBuffer>[], { type: string }]>("Blob");

const files = runtimeClass("File");

/** As how many bytes a chunk counts that waits for the others, besides its content. */
const CHUNK = 768;

/**
 * Blobs, and files: there is no expression for a file, so one arrives as the blob that it is. The
 * bytes always travel through a stream; the receiver collects them before delivery.
 */
export const blobType: ValueType<Blob, [type: string, content: Expression]> = {
  ...blobs.claim,
  // In Bun, both classes have the same one.
  prototypes: [...new Set([...blobs.claim.prototypes, ...files.claim.prototypes])],
  tags: ["blob"],
  weight: 768,
  operands: [isString, (content): content is Expression => content !== undefined],
  encode: (value, cx) => ["blob", value.type, cx.encode(value.stream())],
  decode([, type, content], cx, parent, key) {
    const stream = cx.decode(content, {}, "content");
    if (!(stream instanceof ReadableStream)) {
      throw new ExpressionError("Blob content must be serialized as a ReadableStream.");
    }
    return cx.defer(collect(stream, type, cx.holder?.()), parent, key);
  },
};

async function collect(
  stream: ReadableStream<unknown>,
  type: string,
  hold?: (bytes: number) => void,
): Promise<Blob> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return blobs.create(type, parts, { type });
    if (!(value instanceof Uint8Array)) {
      const reason = new ExpressionError("Blob content must be bytes.");
      // Not waited for: the stream's source may take its time.
      reader.cancel(reason).catch(() => {});
      dispose(value);
      throw reason;
    }
    hold?.(CHUNK + value.length);
    parts.push(value as Uint8Array<ArrayBuffer>);
  }
}

/** Gives up what a chunk holds that a session delivered: the reader of a chunk owns it. */
function dispose(chunk: unknown): void {
  (chunk as Partial<Disposable> | null | undefined)?.[Symbol.dispose]?.();
}
