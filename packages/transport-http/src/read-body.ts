import { HttpBatchError } from "./errors.ts";

/** A body's bytes as they arrive: a fetch body's reader or a Node request is one. */
export type Chunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/**
 * Reads a body as text, and stops where it gets too large.
 *
 * @param what whose body it is
 * @param limit bytes; default 32 MiB
 * @throws HttpBatchError for a body over the limit, TypeError for one that isn't UTF-8
 */
export async function readText(
  what: "request" | "response",
  chunks: Chunks,
  limit = 32 * 1024 * 1024,
): Promise<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let size = 0;
  let text = "";
  for await (const chunk of chunks) {
    size += chunk.byteLength;
    if (size > limit) {
      throw new HttpBatchError("TOO_LARGE", `The batch's ${what} is larger than ${limit} bytes.`);
    }
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** The chunks of a fetch body. Safari's streams can't be iterated over themselves. */
export async function* chunksOf(
  body: ReadableStream<Uint8Array> | null,
): AsyncIterable<Uint8Array> {
  if (body === null) return;
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    // Where reading stopped early, the rest isn't wanted; where it didn't, this does nothing.
    reader.cancel().catch(() => {});
  }
}
