import type { RpcSessionOptions, Transport, TransportReceiver } from "@capnweb/core";
import { closeReason, SESSION_ENDED } from "./close-reason.ts";
import { bufferedError, closedError, failedError, type WebSocketClosedError } from "./errors.ts";
import { Inbox, receiveBytes } from "./inbox.ts";
import { type LimitReport, limitReport } from "./limit-report.ts";
import { Liveness, type LivenessOptions } from "./liveness.ts";
import { CLOSING, CONNECTING, cut, OPEN, type WebSocketLike } from "./socket.ts";
import { cork, mayHaveDrained } from "./tcp-socket.ts";

/** How a transport treats its peer. */
export interface WebSocketOptions
  extends LivenessOptions,
    Pick<RpcSessionOptions, "onLimit" | "onError"> {
  /**
   * Bytes waiting to be sent above which streams hold back. Default 1 MiB. (Calls can't be held
   * back; they count all the same.)
   */
  highWaterMark?: number | undefined;
  /**
   * Bytes waiting to be sent above which the session ends with the next message, and the connection
   * is cut. It protects memory from peers that ask for much and read little. The largest message
   * that waits doesn't count, so one may be of any size. Default 64 MiB; at servers 16 MiB.
   */
  maxBufferedAmount?: number | undefined;
}

/** Makes the error for a socket that failed, before or after it was open. */
export type SocketFailure = (url: string | undefined, wasOpen: boolean, cause: unknown) => Error;

const DEFAULT_HIGH_WATER_MARK = 1024 * 1024;
const DEFAULT_MAX_BUFFERED_AMOUNT = 64 * 1024 * 1024;
/** The length from which a message may matter as the largest one. Most needn't be measured. */
const LARGE = 64 * 1024;

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
  readonly #liveness: Liveness;
  readonly #report: LimitReport;
  readonly #failureOf: SocketFailure;
  #receiver: TransportReceiver | undefined;
  /** The messages that wait for the socket to open, and their size. */
  #queue: (string | Uint8Array)[] = [];
  #queued = 0;
  /** Bytes of the largest message that waits, at least. */
  #largest = 0;
  /** The reason for which the session ended while the socket was being opened. */
  #abort: { readonly reason: unknown } | undefined;
  #writable: Promise<void> | undefined;
  /** Lets go of what the turn's messages are held back with. */
  #uncork: (() => void) | undefined;
  /**
   * Whether the sender says when a turn is over. Only then are frames held back: a wrapper between
   * a session and this transport may know nothing of `flush`.
   */
  #isFlushed = false;
  #isPaused = false;

  /**
   * @param failureOf makes the error for a socket that failed; sockets of `ws` know more of the
   * reason
   */
  constructor(
    socket: WebSocketLike,
    options: WebSocketOptions = {},
    failureOf: SocketFailure = failedError,
  ) {
    this.#failureOf = failureOf;
    this.#socket = socket;
    this.#highWaterMark = options.highWaterMark ?? DEFAULT_HIGH_WATER_MARK;
    this.#maxBuffered = options.maxBufferedAmount ?? DEFAULT_MAX_BUFFERED_AMOUNT;
    this.#liveness = new Liveness(socket, options, (reason) => this.#giveUp(reason));
    this.#report = limitReport(options);
  }

  start(receiver: TransportReceiver): void {
    const socket = this.#socket;
    const liveness = this.#liveness;
    const inbox = new Inbox(socket, (message) => receiver.receive(message));
    let wasOpen = socket.readyState === OPEN;
    this.#receiver = receiver;
    receiveBytes(socket);
    socket.addEventListener("open", () => {
      wasOpen = true;
      liveness.opened();
      this.#opened();
    });
    socket.addEventListener("message", ({ data }: { data: unknown }) => {
      liveness.used();
      inbox.take(data);
    });
    socket.addEventListener("close", (event: { code: number; reason: string }) => {
      liveness.stop();
      // Made only if something needs it: its stack takes as long as the rest of the close.
      const reason = () => closedError(event.code, event.reason);
      inbox.whenDelivered(() => receiver.close(reason));
      // In workerd a close isn't answered by itself, and the peer would wait for the answer.
      if (socket.readyState === CLOSING) socket.close();
    });
    socket.addEventListener("error", (event: { error?: unknown }) => {
      liveness.stop();
      const reason = this.#failureOf(socket.url, wasOpen, event.error);
      this.#report(reason);
      receiver.close(reason);
      this.#failed();
    });
    if (socket.readyState > OPEN) queueMicrotask(() => receiver.close(closedError()));
    else liveness.start();
  }

  send(message: string | Uint8Array): void {
    const socket = this.#socket;
    const isConnecting = socket.readyState === CONNECTING;
    const buffered = isConnecting ? this.#queued : (socket.bufferedAmount ?? 0);
    if (buffered > this.#maxBuffered + this.#largest) {
      const error = bufferedError(buffered);
      this.#report(error);
      this.#cut(error);
      throw error;
    }
    if (isConnecting) {
      this.#queue.push(message);
      this.#queued += message.length;
      this.#largest = Math.max(this.#largest, message.length);
      return;
    }
    if (buffered === 0) this.#largest = 0;
    this.#liveness.used();
    if (this.#isFlushed) this.#uncork ??= cork(socket);
    socket.send(message as string);
    if (message.length > LARGE) {
      this.#largest = Math.max(this.#largest, (socket.bufferedAmount ?? 0) - buffered);
    }
  }

  flush(): void {
    this.#isFlushed = true;
    this.#release();
  }

  whenWritable(): Promise<void> | undefined {
    if (!this.#isCongested()) return undefined;
    this.#writable ??= this.#drained();
    return this.#writable;
  }

  pause(): void {
    this.#setPaused(true);
    this.#socket.pause?.();
  }

  resume(): void {
    this.#setPaused(false);
    this.#socket.resume?.();
  }

  abort(reason: unknown): void {
    // A peer that is still being connected to is told everything first.
    if (this.#queue.length > 0) this.#abort = { reason };
    else this.#close(reason);
  }

  #opened(): void {
    this.#queued = 0;
    for (const message of this.#queue.splice(0)) {
      if (!this.#sendQueued(message)) return;
    }
    if (this.#abort) this.#close(this.#abort.reason);
    else this.#release();
  }

  #sendQueued(message: string | Uint8Array): boolean {
    try {
      this.send(message);
      return true;
    } catch (error) {
      this.#receiver?.close(error);
      return false;
    }
  }

  #close(reason: unknown): void {
    this.#liveness.stop();
    if (this.#socket.readyState <= OPEN) this.#socket.close(SESSION_ENDED, closeReason(reason));
    this.#release();
    // The peer's answer to the close has to be read.
    if (this.#isPaused) this.resume();
  }

  /**
   * The socket is being closed because the peer broke the rules, or was given up. Such a peer
   * needn't answer.
   */
  #failed(): void {
    // The close may be held back with the messages of the turn.
    this.#release();
    if (!this.#socket.terminate) return;
    const timer: unknown = setTimeout(() => cut(this.#socket, SESSION_ENDED, ""), GRACE);
    (timer as { unref?(): void }).unref?.();
  }

  #giveUp(reason: WebSocketClosedError): void {
    this.#report(reason);
    this.#receiver?.close(reason);
    const { readyState, bufferedAmount } = this.#socket;
    // A peer that doesn't read what waits would not read the reason either.
    if (readyState !== OPEN || (bufferedAmount ?? 0) > 0) this.#cut(reason);
    else {
      this.#close(reason);
      this.#failed();
    }
  }

  /** Cuts the connection: a peer that reads nothing wouldn't answer a close either. */
  #cut(reason: Error): void {
    this.#liveness.stop();
    this.#queue = [];
    cut(this.#socket, SESSION_ENDED, closeReason(reason));
    this.#release();
  }

  #release(): void {
    this.#uncork?.();
    this.#uncork = undefined;
  }

  #setPaused(isPaused: boolean): void {
    this.#isPaused = isPaused;
    this.#liveness.paused(isPaused);
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

/** Milliseconds that such a peer has for answering the close. */
const GRACE = 2_000;
