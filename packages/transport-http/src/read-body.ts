import { HttpBatchError } from "./errors.ts";

const newDecoder = () => new TextDecoder("utf-8", { fatal: true });

/** For what is decoded as a whole, of which nothing stays in it. */
const WHOLE = newDecoder();

/**
 * Reads a body as text, and stops where it gets too large.
 *
 * @param what whose body it is
 * @param read hands over the body's chunks; what handing over throws ends it
 * @param limit bytes; default 32 MiB
 * @throws HttpBatchError for a body over the limit, TypeError for one that isn't UTF-8
 */
export async function readText(
  what: "request" | "response",
  read: (add: (chunk: Uint8Array) => void) => Promise<void> | void,
  limit = 32 * 1024 * 1024,
): Promise<string> {
  let decoder: TextDecoder | undefined;
  let size = 0;
  let text = "";
  // What nothing follows is decoded faster: most bodies, as a whole.
  let last: Uint8Array | undefined;
  await read((chunk) => {
    size += chunk.byteLength;
    if (size > limit) {
      throw new HttpBatchError("TOO_LARGE", `The batch's ${what} is larger than ${limit} bytes.`);
    }
    if (last !== undefined) {
      decoder ??= newDecoder();
      text += decoder.decode(last, { stream: true });
    }
    last = chunk;
  });
  return text + (decoder ?? WHOLE).decode(last);
}

/** Hands over the chunks of a fetch body. */
export async function readStream(
  body: ReadableStream<Uint8Array> | null,
  add: (chunk: Uint8Array) => void,
): Promise<void> {
  if (!body) return;
  // Safari's streams can't be iterated over.
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      add(value);
    }
  } catch (error) {
    // The rest isn't wanted.
    reader.cancel().catch(() => {});
    throw error;
  }
}
