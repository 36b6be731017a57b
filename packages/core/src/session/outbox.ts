import type { EncodingLevel } from "@capnweb/wire";
import type { Transport } from "../transport.ts";
import { estimateSize } from "./message-size.ts";

/** Where a session's messages leave: made text of, if need be, and handed to the transport. */
export class Outbox {
  readonly #transport: Transport;
  readonly #asText: boolean;

  constructor(transport: Transport, level: EncodingLevel) {
    this.#transport = transport;
    this.#asText = level === "string";
  }

  /** @throws what the transport throws */
  send(message: readonly unknown[]): void {
    this.#transport.send(this.#asText ? JSON.stringify(message) : message);
  }

  /**
   * As `send`, for messages that flow control counts.
   *
   * @returns the message's size: in bytes where the transport knows it, in UTF-16 units where it is
   *   text, else about
   */
  sendMeasured(message: readonly unknown[]): number {
    if (!this.#asText) return this.#transport.send(message) ?? estimateSize(message);
    const text = JSON.stringify(message);
    this.#transport.send(text);
    return text.length;
  }
}
