import type { EncodingLevel } from "@capnweb/wire";
import type { Transport } from "../transport.ts";

/** Where a session's messages leave: made text of, if need be, and handed to the transport. */
export class Outbox {
  readonly #transport: Transport;
  readonly #asText: boolean;
  #flushScheduled = false;
  #closed = false;

  constructor(transport: Transport, level: EncodingLevel) {
    this.#transport = transport;
    this.#asText = level === "string";
  }

  /**
   * @returns the message's size in bytes as far as it is known: text counts in UTF-16 code units
   * @throws what the transport throws
   */
  send(message: readonly unknown[]): number | undefined {
    if (this.#closed) return 0;
    if (!this.#asText) {
      const size = this.#transport.send(message);
      this.#scheduleFlush();
      return size ?? undefined;
    }
    const text = JSON.stringify(message);
    this.#transport.send(text);
    this.#scheduleFlush();
    return text.length;
  }

  /** Nothing is sent any more. */
  close(): void {
    this.#closed = true;
  }

  /** Has the transport send what it kept back. */
  flush(): void {
    this.#flushScheduled = false;
    this.#transport.flush?.();
  }

  #scheduleFlush(): void {
    if (this.#flushScheduled || this.#transport.flush === undefined) return;
    this.#flushScheduled = true;
    // A microtask runs when the calls that the application makes in one go have all been sent.
    queueMicrotask(() => {
      if (this.#flushScheduled) this.flush();
    });
  }
}
