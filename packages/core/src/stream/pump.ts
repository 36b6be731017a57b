import type { StubHook } from "../model/hook.ts";
import type { Runtime } from "../model/runtime.ts";
import { PeerSink } from "./peer-sink.ts";
import { isReceived } from "./pipe.ts";

/**
 * Sends what `source` gives to the peer's stream behind `hook`, until either ends: the source's
 * failure aborts the peer's stream, and a failure there cancels the source at once. Locks the
 * source meanwhile. Takes over `hook`.
 *
 * Not `pipeTo()` into a `WritableStream`: it would drop the chunk that it has read, and can't write
 * any more, without disposing of it.
 *
 * @returns what settles at the end, and never rejects
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
    // It was locked while the message was encoded.
    return sink.abort(error);
  }
  sink.watch((error) => void reader.cancel(error).catch(() => {}));
  // The source's code doesn't run before the message is complete.
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
 * @param isReceived whether the chunks are a peer's. Their reader has to dispose of them, and that
 *   is this function
 * @throws the failure, of either end
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
      // A source that was canceled also ends.
      if (!sink.failure) await sink.close();
      return;
    }
  }
}
