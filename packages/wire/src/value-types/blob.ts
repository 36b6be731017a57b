import { ExpressionError } from "../errors.ts";
import { isString } from "../operands.ts";
import type { Expression, ValueType } from "../value-type.ts";
import { lacking, requireClass, runtimeClass } from "./runtime-classes.ts";

// Made of the bytes alone, because the types of Workers don't know `BlobPart`.
const blobs = runtimeClass<Blob, [Uint8Array<ArrayBuffer>[], { type: string }]>("Blob");

const files = runtimeClass("File");

/**
 * Blobs and files. A file has no expression of its own and arrives as a blob. The bytes always
 * travel through a stream, and the receiver collects them before delivery.
 */
export const blobType: ValueType<Blob, [type: string, content: Expression]> = {
  ...blobs.claim,
  // In Bun, both classes have the same prototype.
  prototypes: [...new Set([...blobs.claim.prototypes, ...files.claim.prototypes])],
  tags: ["blob"],
  weight: 768,
  operands: [isString, (content): content is Expression => content !== undefined],
  encode: (value, cx) => ["blob", value.type, cx.encode(contentOf(value))],
  decode([, type, content], cx, parent, key) {
    requireClass("ReadableStream");
    const stream = cx.decode(content, {}, "content");
    if (!(stream instanceof ReadableStream)) {
      throw new ExpressionError("Blob content must be serialized as a ReadableStream.");
    }
    const source = new Content(stream.getReader());
    const hold = cx.holder?.((reason) => source.giveUp(reason));
    return cx.defer(source.collect(type, hold), parent, key);
  },
};

/** The bytes of a blob. Node reads it all in one chunk, which a message may not have room for. */
function contentOf(blob: Blob): ReadableStream {
  const CHUNK = 2 ** 18;
  // React Native's blobs refer to bytes of the native side.
  if (!blob.stream) throw lacking("Blob.prototype.stream");
  if (blob.size <= CHUNK) return blob.stream();
  let rest = blob;
  return new ReadableStream({
    async pull(controller) {
      controller.enqueue(new Uint8Array(await rest.slice(0, CHUNK).arrayBuffer()));
      rest = rest.slice(CHUNK);
      if (!rest.size) controller.close();
    },
  });
}

/** The content of a blob in transit. */
class Content {
  readonly #reader: ReadableStreamDefaultReader<unknown>;
  #isOver = false;
  #failure: Error | undefined;

  constructor(reader: ReadableStreamDefaultReader<unknown>) {
    this.#reader = reader;
  }

  async collect(type: string, hold?: (bytes: number) => void): Promise<Blob> {
    // Bytes that a waiting chunk counts as, besides its content.
    const CHUNK = 768;
    const parts: Uint8Array<ArrayBuffer>[] = [];
    for (;;) {
      const { done, value } = await this.#reader.read();
      if (this.#failure) {
        // A canceled stream looks complete, unless a chunk was on its way.
        if (!done) dispose(value);
        throw this.#failure;
      }
      if (done) break;
      if (!(value instanceof Uint8Array)) {
        dispose(value);
        throw this.giveUp(() => new ExpressionError("Blob content must be bytes."));
      }
      hold?.(CHUNK + value.length);
      parts.push(value as Uint8Array<ArrayBuffer>);
    }
    this.#isOver = true;
    return blobs.create(type, parts, { type });
  }

  /** Cancels the stream, unless all of it has come. @returns the failure, if there is one */
  giveUp(reason: () => Error): Error | undefined {
    if (this.#isOver) return this.#failure;
    this.#isOver = true;
    this.#failure = reason();
    // Not awaited, because the stream's source may take its time.
    this.#reader.cancel(this.#failure).catch(() => {});
    return this.#failure;
  }
}

/** Releases the references in a chunk that a session delivered. Its reader owns them. */
function dispose(chunk: unknown): void {
  (chunk as Partial<Disposable> | null | undefined)?.[Symbol.dispose]?.();
}
