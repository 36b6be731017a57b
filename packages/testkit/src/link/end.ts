import type { EncodingLevel } from "@capnweb/wire";
import type { LinkOptions } from "./options.ts";

/**
 * The side of a push-style session that a transport calls; see `TransportReceiver` of
 * `@capnweb/core`.
 */
export interface Receiver {
  receive(message: unknown): void;
  close(reason: unknown): void;
}

/**
 * One end of a link. It is a push-style transport, as in `@capnweb/core`, and also a pull-style
 * one, as in `capnweb`, so any session takes it.
 */
export class LinkEnd {
  /** The encoding level of the sessions at both ends. */
  readonly encodingLevel: EncodingLevel;
  /** True if the end also carries `Uint8Array`s. */
  readonly isBinary: boolean;
  readonly #send: (message: unknown) => void;
  readonly #abort: (reason: unknown) => void;
  readonly #received: unknown[] = [];
  #receiver: Receiver | undefined;
  #waiting: { resolve(message: unknown): void; reject(reason: unknown): void } | undefined;
  #closed: { reason: unknown } | undefined;

  constructor(
    { encodingLevel = "string", isBinary = false }: LinkOptions,
    send: (message: unknown) => void,
    abort: (reason: unknown) => void,
  ) {
    this.encodingLevel = encodingLevel;
    this.isBinary = isBinary;
    this.#send = send;
    this.#abort = abort;
  }

  // Push style.

  /** Delivers messages to a push-style session, including those that have arrived already. */
  start(receiver: Receiver): void {
    this.#receiver = receiver;
    for (const message of this.#received.splice(0)) receiver.receive(message);
    if (this.#closed !== undefined) receiver.close(this.#closed.reason);
  }

  // Pull style.

  /** Returns the next message, for a pull-style session. Rejects when the link is over. */
  receive(): Promise<any> {
    if (this.#received.length > 0) return Promise.resolve(this.#received.shift());
    if (this.#closed !== undefined) return Promise.reject(this.#closed.reason);
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  // Both.

  /** Sends a message to the other end. */
  send(message: unknown): void {
    if (this.#closed === undefined) this.#send(message);
  }

  /** Ends the link. The other end learns the reason. */
  abort(reason: unknown): void {
    if (this.#closed !== undefined) return;
    this.#closed = { reason };
    this.#abort(reason);
  }

  /** Hands a message to the session at this end. */
  deliver(message: unknown): void {
    if (this.#closed !== undefined) return;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (this.#receiver !== undefined) this.#receiver.receive(message);
    else if (waiting !== undefined) waiting.resolve(message);
    else this.#received.push(message);
  }

  /** Reports that no more messages come. */
  close(reason: unknown): void {
    if (this.#closed !== undefined) return;
    this.#closed = { reason };
    this.#receiver?.close(reason);
    this.#waiting?.reject(reason);
    this.#waiting = undefined;
  }
}
