/**
 * The streams that `stream(kind, count)` returns: numbers from 1, bytes, numbers and a failure, or
 * counters.
 */
export type StreamKind = "numbers" | "bytes" | "broken" | "counters";

/** The sinks that `sink(kind)` returns: one that collects chunks, or one that refuses them. */
export type SinkKind = "collecting" | "broken";

/** A stream of `count` chunks, each made when the reader asks for it. */
export function createStream(
  kind: StreamKind,
  count: number,
  events: string[],
  makeCounter: (start: number) => object,
): ReadableStream {
  const chunks: Readonly<Record<StreamKind, (n: number) => unknown>> = {
    numbers: (n) => n,
    bytes: (n) => new Uint8Array(4).fill(n),
    broken: (n) => n,
    counters: makeCounter,
  };
  let next = 1;
  return new ReadableStream(
    {
      pull(controller) {
        if (next <= count) controller.enqueue(chunks[kind](next++));
        else if (kind === "broken") controller.error(new Error("stream broke"));
        else controller.close();
      },
      cancel(reason) {
        events.push(`stream canceled: ${(reason as Error)?.message ?? reason}`);
      },
    },
    { highWaterMark: 0 },
  );
}

/** A stream that collects or refuses the chunks written to it. */
export function createSink(kind: SinkKind, collected: unknown[], events: string[]): WritableStream {
  return new WritableStream({
    write(chunk) {
      if (kind === "broken") throw new Error("sink broke");
      collected.push(chunk);
    },
    close() {
      events.push("sink closed");
    },
    abort(reason) {
      events.push(`sink aborted: ${(reason as Error)?.message ?? reason}`);
    },
  });
}

/** Reads the chunks of a stream. Cancels the stream if it has more than `count`. */
export async function readChunks(stream: ReadableStream, count: number): Promise<unknown[]> {
  const chunks: unknown[] = [];
  const reader = stream.getReader();
  for (;;) {
    if (chunks.length === count) {
      await reader.cancel(new Error("read enough"));
      return chunks;
    }
    const { done, value } = await reader.read();
    if (done) return chunks;
    chunks.push(value);
  }
}
