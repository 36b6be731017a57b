import { HttpBatchError } from "./errors.ts";

const newDecoder = () => new TextDecoder("utf-8", { fatal: true });

/** For bodies that are decoded as a whole, so that no state stays in the decoder. */
const WHOLE = newDecoder();

/**
 * Reads a body as text, and stops when it exceeds the limit. Drops a byte order mark.
 *
 * @param limit bytes
 * @param read hands over the body's chunks; its error ends the reading
 * @throws HttpBatchError for a body over the limit, or one that isn't UTF-8
 */
export async function readText(
  what: "request" | "response",
  limit: number,
  read: (add: (chunk: Uint8Array) => void) => Promise<void> | void,
): Promise<string> {
  let decoder: TextDecoder | undefined;
  let size = 0;
  let text = "";
  // Most bodies have one chunk. Decoding it as a whole is faster than as part of a stream.
  let last: Uint8Array | undefined;
  const decode = (chunk?: Uint8Array, options?: TextDecodeOptions) => {
    try {
      return (decoder ?? WHOLE).decode(chunk, options);
    } catch (cause) {
      throw new HttpBatchError("NOT_A_BATCH", `The batch's ${what} isn't UTF-8.`, { cause });
    }
  };
  await read((chunk) => {
    size += chunk.byteLength;
    if (size > limit) throw tooLarge(what, limit);
    if (last !== undefined) {
      decoder ??= newDecoder();
      text += decode(last, { stream: true });
    }
    last = chunk;
  });
  return text + decode(last);
}

function tooLarge(what: "request" | "response", limit: number): HttpBatchError {
  return what === "request"
    ? new HttpBatchError(
        "TOO_LARGE",
        `The batch's request is larger than ${limit} bytes, the ` +
          "server's maxRequestSize. Split the batch.",
        { status: 413, limit: "maxRequestSize" },
      )
    : new HttpBatchError(
        "TOO_LARGE",
        `The batch's response is larger than ${limit} bytes, the client's maxResponseSize.`,
        { limit: "maxResponseSize" },
      );
}

/**
 * Hands over the chunks of a fetch body.
 *
 * @param whenOpen receives a function that ends the reading as if the body were over
 */
export async function readStream(
  body: ReadableStream<Uint8Array> | null,
  add: (chunk: Uint8Array) => void,
  whenOpen?: (stop: () => void) => void,
): Promise<void> {
  if (!body) return;
  // Safari's streams can't be iterated over.
  const reader = body.getReader();
  // Cancels, because the rest of the body isn't needed.
  const stop = () => {
    reader.cancel().catch(() => {});
  };
  whenOpen?.(stop);
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      add(value);
    }
  } catch (error) {
    stop();
    throw error;
  }
}
