import type { Disposer } from "../payload/payload.ts";

/** Cancels a stream that was delivered in a payload and is still unread when the payload goes. */
export function readableDisposer(stream: ReadableStream): Disposer {
  return {
    dispose() {
      // Whoever locked it reads it, and cancels it when done.
      if (stream.locked) return;
      const reason = new Error("ReadableStream RPC stub was disposed without being consumed");
      stream.cancel(reason).catch(() => {});
    },
  };
}
