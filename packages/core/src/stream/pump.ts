import type { StubHook } from "../model/hook.ts";
import type { Runtime } from "../model/runtime.ts";
import { PeerSink } from "./peer-sink.ts";
import { isReceived } from "./pipe.ts";

/**
 * Sends the data of `source` to the peer's stream behind `hook` until either ends. The source's
 * failure aborts the peer's stream, and a failure there cancels the source at once. Locks the
 * source meanwhile. Takes over `hook`.
 *
 * Replaces `pipeTo()` into a `WritableStream`, which would drop a chunk that it has read but can't
 * write any more, without disposing of it.
 *
 * @returns a promise that settles at the end, and never rejects
 */
export async function pump(
  source: ReadableStream,
  hook: StubHook,
  runtime: Runtime,
): Promise<void> {
  const sink = new PeerSink(hook, runtime, true);
  let reader: ReadableStreamDefaultReader;
  try {
    reader = source.getReader();
  } catch (error) {
    // The source was locked while the message was encoded.
    return sink.abort(error);
  }
  sink.watch((error) => void reader.cancel(error).catch(() => {}));
  // The source's code must not run before the message is complete.
  await null;
  try {
    await pumpFrom(reader, sink, isReceived(source));
  } catch (error) {
    if (!sink.failure) await sink.abort(error);
  } finally {
    reader.releaseLock();
  }
}

/**
 * @param isReceived whether the chunks are a peer's. Their reader, this function, must then
 *   dispose of them
 * @throws the failure of either end
 */
async function pumpFrom(
  reader: ReadableStreamDefaultReader,
  sink: PeerSink,
  isReceived: boolean,
): Promise<void> {
  for (;;) {
    const { done, value } = await reader.read();
    if (!done) {
      let room: Promise<void> | undefined;
      try {
        room = sink.write(value);
      } finally {
        if (isReceived) (value as Partial<Disposable> | null | undefined)?.[Symbol.dispose]?.();
      }
      if (room) await room;
    } else {
      // A canceled source also ends.
      if (!sink.failure) await sink.close();
      return;
    }
  }
}
