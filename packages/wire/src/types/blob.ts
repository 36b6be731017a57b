import { ExpressionError, unknownExpression } from "../errors.ts";
import type { ValueType } from "../value-type.ts";
import { runtimeClass } from "./runtime-classes.ts";

const blobs = runtimeClass<Blob, [BlobPart[], BlobPropertyBag]>("Blob");

/** A blob's bytes always travel through a stream; the receiver collects them before delivery. */
export const blobType: ValueType<Blob> = {
  kind: "Blob",
  tags: ["blob"],
  prototypes: blobs.prototypes,
  encode: (value, cx) => ["blob", value.type, cx.encode(value.stream())],
  decode(expression, cx, parent, key) {
    const [, type, content] = expression;
    if (typeof type !== "string" || expression.length !== 3) throw unknownExpression(expression);
    const stream = cx.decode(content, {}, "content");
    if (!(stream instanceof ReadableStream)) {
      throw new ExpressionError("Blob content must be serialized as a ReadableStream.");
    }
    return cx.defer(collect(stream, type), parent, key);
  },
};

async function collect(stream: ReadableStream<unknown>, type: string): Promise<Blob> {
  const parts: BlobPart[] = [];
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return blobs.create(parts, { type });
    if (!(value instanceof Uint8Array)) {
      const reason = new ExpressionError("A Blob's content has to be bytes.");
      await reader.cancel(reason);
      throw reason;
    }
    parts.push(value as Uint8Array<ArrayBuffer>);
  }
}
