import type { Disposer } from "../payload/payload.ts";

/** A stream delivered in a payload, which is canceled if it is still unread when the payload goes. */
export class UnreadStream implements Disposer {
  readonly stream: ReadableStream;
  #movedOn = false;

  constructor(stream: ReadableStream) {
    this.stream = stream;
  }

  /** Says that somebody else sees to the stream from now on. */
  moveOn(): void {
    this.#movedOn = true;
  }

  dispose(): void {
    // Whoever locked it reads it, and cancels it when done.
    if (this.#movedOn || this.stream.locked) return;
    const reason = new Error("ReadableStream RPC stub was disposed without being consumed");
    this.stream.cancel(reason).catch(() => {});
  }
}
