import type { Transport, TransportReceiver } from "@capnweb/core";
import { closeReason, SESSION_ENDED } from "./close-reason.ts";
import { Cork } from "./cork.ts";
import { closedError, failedError, stalledError } from "./errors.ts";
import { CLOSING, CONNECTING, OPEN, type WebSocketLike } from "./socket.ts";

/** How a transport treats a peer that reads more slowly than it is sent to. */
export interface WebSocketOptions {
  /**
   * Bytes waiting to be sent above which streams hold back. Default 1 MiB. (Calls can't be held
   * back; they count all the same.)
   */
  highWaterMark?: number | undefined;
  /**
   * Bytes waiting to be sent above which the session ends, to protect a server's memory from peers
   * that never read. Default: no limit.
   */
  maxBufferedAmount?: number | undefined;
}

const DEFAULT_HIGH_WATER_MARK = 1024 * 1024;

/** Milliseconds between looks at the send buffer: browsers have no event for it having drained. */
const POLL_INTERVAL = 10;

/** A session's messages as text frames of a WebSocket, which may still be connecting. */
export class WebSocketPushTransport implements Transport {
  readonly #socket: WebSocketLike;
  readonly #cork: Cork;
  readonly #highWaterMark: number;
  readonly #maxBuffered: number;
  #receiver: TransportReceiver | undefined;
  /** What was sent before the socket was open. */
  #queue: string[] = [];
  /** Set when the session ended before the socket was open: it is told everything first. */
  #closing: { reason: unknown } | undefined;
  #writable: Promise<void> | undefined;

  constructor(socket: WebSocketLike, options: WebSocketOptions = {}) {
    this.#socket = socket;
    this.#cork = new Cork(socket);
    this.#highWaterMark = options.highWaterMark ?? DEFAULT_HIGH_WATER_MARK;
    this.#maxBuffered = options.maxBufferedAmount ?? Number.POSITIVE_INFINITY;
  }

  start(receiver: TransportReceiver): void {
    const socket = this.#socket;
    this.#receiver = receiver;
    // A binary frame is refused whatever its form, but a Blob's content would come too late to be.
    if (socket.binaryType === "blob") socket.binaryType = "arraybuffer";
    socket.addEventListener("open", () => this.#opened());
    socket.addEventListener("message", (event: { data: unknown }) => {
      receiver.receive(event.data);
    });
    socket.addEventListener("close", (event: { code: number; reason: string }) => {
      receiver.close(closedError(event));
      // In workerd a close isn't answered by itself, and the peer would wait for the answer.
      if (socket.readyState === CLOSING) socket.close();
    });
    socket.addEventListener("error", (event: { error?: unknown }) => {
      receiver.close(failedError(event.error));
    });
    if (socket.readyState > OPEN) {
      queueMicrotask(() => receiver.close(closedError({ code: 1006, reason: "" })));
    }
  }

  send(message: string): void {
    const socket = this.#socket;
    if (socket.readyState === CONNECTING) {
      this.#queue.push(message);
      return;
    }
    this.#cork.put();
    socket.send(message);
    const buffered = socket.bufferedAmount ?? 0;
    if (buffered > this.#maxBuffered) {
      const error = stalledError(buffered, this.#maxBuffered);
      this.#receiver?.close(error);
      this.#close(error);
    }
  }

  flush(): void {
    this.#cork.pull();
  }

  whenWritable(): Promise<void> | undefined {
    if (!this.#isCongested()) return undefined;
    this.#writable ??= this.#drained();
    return this.#writable;
  }

  abort(reason: unknown): void {
    if (this.#socket.readyState === CONNECTING && this.#queue.length > 0) {
      this.#closing = { reason };
    } else {
      this.#close(reason);
    }
  }

  #opened(): void {
    const queue = this.#queue;
    this.#queue = [];
    this.#cork.put();
    for (const message of queue) this.#socket.send(message);
    this.#cork.pull();
    if (this.#closing !== undefined) this.#close(this.#closing.reason);
  }

  #close(reason: unknown): void {
    if (this.#socket.readyState <= OPEN) this.#socket.close(SESSION_ENDED, closeReason(reason));
    this.#cork.pull();
  }

  #isCongested(): boolean {
    const { readyState, bufferedAmount } = this.#socket;
    return readyState === OPEN && (bufferedAmount ?? 0) > this.#highWaterMark;
  }

  async #drained(): Promise<void> {
    while (this.#isCongested()) await new Promise((resolve) => setTimeout(resolve, POLL_INTERVAL));
    this.#writable = undefined;
  }
}
