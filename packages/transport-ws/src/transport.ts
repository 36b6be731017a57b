import type { Transport, TransportReceiver } from "@capnweb/core";
import { closeReason, SESSION_ENDED } from "./close-reason.ts";
import { closedError, WebSocketClosedError } from "./errors.ts";
import { CLOSING, CONNECTING, OPEN, type WebSocketLike } from "./socket.ts";
import { cork, mayHaveDrained } from "./tcp-socket.ts";

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

/**
 * A session's messages as frames of a WebSocket, which may still be connecting. Owns the socket: it
 * is closed with code 3000 when the session ends.
 *
 * @example
 * ```ts
 * const session = new RpcSession<Api>(new WebSocketPushTransport(socket, { highWaterMark: 65_536 }));
 * ```
 */
export class WebSocketPushTransport implements Transport {
  readonly isBinary = true;
  readonly #socket: WebSocketLike;
  readonly #highWaterMark: number;
  readonly #maxBuffered: number;
  #receiver: TransportReceiver | undefined;
  /** What is to be done once the socket is open. */
  #queue: (() => void)[] = [];
  #writable: Promise<void> | undefined;
  /** Lets go of what the turn's messages are held back with. */
  #uncork: (() => void) | undefined;
  /**
   * Whether whoever sends says when a turn is over. Only then are frames held back: what stands between
   * a session and this transport may know nothing of `flush`.
   */
  #isFlushed = false;

  constructor(socket: WebSocketLike, options: WebSocketOptions = {}) {
    this.#socket = socket;
    this.#highWaterMark = options.highWaterMark ?? DEFAULT_HIGH_WATER_MARK;
    this.#maxBuffered = options.maxBufferedAmount ?? Infinity;
  }

  start(receiver: TransportReceiver): void {
    const socket = this.#socket;
    this.#receiver = receiver;
    // A Blob's content would come too late.
    if (socket.binaryType === "blob") socket.binaryType = "arraybuffer";
    socket.addEventListener("open", () => {
      for (const act of this.#queue.splice(0)) act();
      this.#release();
    });
    socket.addEventListener("message", ({ data }: { data: unknown }) => {
      receiver.receive(data instanceof ArrayBuffer ? new Uint8Array(data) : data);
    });
    socket.addEventListener("close", (event: { code: number; reason: string }) => {
      receiver.close(closedError(event.code, event.reason));
      // In workerd a close isn't answered by itself, and the peer would wait for the answer.
      if (socket.readyState === CLOSING) socket.close();
    });
    socket.addEventListener("error", (event: { error?: unknown }) => {
      const message = "WebSocket connection failed.";
      receiver.close(new WebSocketClosedError(message, 1006, "", { cause: event.error }));
    });
    if (socket.readyState > OPEN) queueMicrotask(() => receiver.close(closedError()));
  }

  send(message: string | Uint8Array): void {
    const socket = this.#socket;
    if (socket.readyState === CONNECTING) {
      this.#queue.push(() => this.send(message));
      return;
    }
    if (this.#isFlushed) this.#uncork ??= cork(socket);
    socket.send(message as string);
    const buffered = socket.bufferedAmount ?? 0;
    if (buffered > this.#maxBuffered) {
      const error = new WebSocketClosedError(
        `The peer reads too slowly: ${buffered} bytes wait, more than maxBufferedAmount.`,
        1008,
      );
      this.#receiver?.close(error);
      this.#close(error);
    }
  }

  flush(): void {
    this.#isFlushed = true;
    this.#release();
  }

  #release(): void {
    this.#uncork?.();
    this.#uncork = undefined;
  }

  whenWritable(): Promise<void> | undefined {
    if (!this.#isCongested()) return undefined;
    this.#writable ??= this.#drained();
    return this.#writable;
  }

  abort(reason: unknown): void {
    // A peer that is still being connected to is told everything first.
    if (this.#queue.length > 0) this.#queue.push(() => this.#close(reason));
    else this.#close(reason);
  }

  #close(reason: unknown): void {
    if (this.#socket.readyState <= OPEN) this.#socket.close(SESSION_ENDED, closeReason(reason));
    this.#release();
  }

  #isCongested(): boolean {
    const { readyState, bufferedAmount } = this.#socket;
    return readyState === OPEN && (bufferedAmount ?? 0) > this.#highWaterMark;
  }

  async #drained(): Promise<void> {
    while (this.#isCongested()) await mayHaveDrained(this.#socket);
    this.#writable = undefined;
  }
}
