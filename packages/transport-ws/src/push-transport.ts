import type { RpcSessionOptions, Transport, TransportReceiver } from "@capnweb/core";
import { closeReason, SESSION_ENDED } from "./close-reason.ts";
import { bufferedError, closedError, failedError, type WebSocketClosedError } from "./errors.ts";
import { Inbox, receiveBytes } from "./inbox.ts";
import { type LimitReport, limitReport } from "./limit-report.ts";
import { Liveness, type LivenessOptions } from "./liveness.ts";
import { CLOSING, CONNECTING, OPEN, type WebSocketLike } from "./socket.ts";
import { cork, mayHaveDrained } from "./tcp-socket.ts";

/**
 * Bounds on the data that a transport keeps for its peer, and times after which it gives up the
 * peer.
 */
export interface WebSocketOptions
  extends LivenessOptions,
    Pick<RpcSessionOptions, "onLimit" | "onError"> {
  /**
   * Bytes waiting to be sent above which streams hold back. Calls can't be held back, but they
   * count. Default 1 MiB.
   */
  highWaterMark?: number | undefined;
  /**
   * Bytes waiting to be sent above which the next message ends the session, and the connection is
   * cut. It protects memory from peers that ask for much and read little. The largest waiting
   * message doesn't count, so one message may have any size. Default 64 MiB; at servers 16 MiB.
   */
  maxBufferedAmount?: number | undefined;
}

/** Makes the error for a socket that failed, before or after it was open. */
export type SocketFailure = (url: string | undefined, wasOpen: boolean, cause: unknown) => Error;

/**
 * Carries a session's messages as frames of a WebSocket, which may still be connecting. Owns the
 * socket, and closes it with code 3000 when the session ends.
 *
 * @example
 * ```ts
 * const transport = new WebSocketPushTransport(socket, { highWaterMark: 65_536 });
 * const session = new RpcSession<Api>(transport);
 * ```
 */
export class WebSocketPushTransport implements Transport {
  readonly isBinary = true;
  readonly announces: "reply" | undefined;
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
  /** At least the bytes of the largest waiting message. */
  #largest = 0;
  /** The reason for the session's end, if it ended before the socket was open. */
  #abort: { readonly reason: unknown } | undefined;
  #writable: Promise<void> | undefined;
  /** Releases the messages that the turn holds back. */
  #uncork: (() => void) | undefined;
  /**
   * True if the sender announces the end of each turn. Frames are held back only then: a wrapper
   * between the session and this transport may not know `flush`.
   */
  #isFlushed = false;
  #isPaused = false;

  /**
   * @param socket a socket, open or still connecting; the transport owns it
   * @param failureOf makes the error for a socket that failed; sockets of `ws` know more about
   *   the reason
   */
  constructor(
    socket: WebSocketLike,
    options: WebSocketOptions = {},
    failureOf: SocketFailure = failedError,
  ) {
    const DEFAULT_HIGH_WATER_MARK = 1024 * 1024;
    const DEFAULT_MAX_BUFFERED_AMOUNT = 64 * 1024 * 1024;
    // Only a connecting socket has a URL. Some clients take the first message for their answer, so
    // the accepting side announces second.
    this.announces = socket.url ? undefined : "reply";
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
      liveness.received();
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
    else liveness.start(receiver);
  }

  send(message: string | Uint8Array): void {
    // The length from which a message is measured. Shorter ones can't matter as the largest
    // message.
    const LARGE = 64 * 1024;
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
    this.#liveness.sent();
    if (this.#isFlushed) this.#uncork ??= cork(socket);
    socket.send(message as string);
    if (message.length > LARGE) {
      this.#largest = Math.max(this.#largest, (socket.bufferedAmount ?? 0) - buffered);
    }
  }

  /** Releases the frames of a turn. The session calls it when the turn ends. */
  flush(): void {
    this.#isFlushed = true;
    this.#release();
  }

  whenWritable(): Promise<void> | undefined {
    if (!this.#isCongested()) return undefined;
    this.#writable ??= this.#drained();
    return this.#writable;
  }

  /** Stops reading, so that TCP's flow control holds the peer back. */
  pause(): void {
    this.#setPaused(true);
    this.#socket.pause?.();
  }

  resume(): void {
    this.#setPaused(false);
    this.#socket.resume?.();
  }

  abort(reason: unknown): void {
    // A peer that isn't connected yet gets all messages before the session ends.
    if (this.#queue.length > 0) this.#abort = { reason };
    else this.#close(reason);
  }

  #opened(): void {
    this.#queued = 0;
    try {
      for (const message of this.#queue.splice(0)) this.send(message);
    } catch (error) {
      this.#receiver?.close(error);
      return;
    }
    if (this.#abort) this.#close(this.#abort.reason);
    else this.#release();
  }

  #close(reason: unknown): void {
    this.#liveness.stop();
    this.#closeSocket(reason);
    this.#release();
    // The peer's answer to the close has to be read.
    if (this.#isPaused) this.resume();
  }

  /**
   * Cuts the socket if a peer that broke the rules, or was given up, doesn't answer the close in
   * time.
   */
  #failed(): void {
    // Milliseconds that a peer which is given up has to answer the close.
    const GRACE = 2_000;
    // The messages of the turn may hold back the close.
    this.#release();
    if (!this.#socket.terminate) return;
    const timer: unknown = setTimeout(() => this.#socket.terminate?.(), GRACE);
    (timer as { unref?(): void }).unref?.();
  }

  #giveUp(reason: WebSocketClosedError): void {
    this.#report(reason);
    this.#receiver?.close(reason);
    const { readyState, bufferedAmount } = this.#socket;
    // A peer that doesn't read the waiting data wouldn't read the reason either.
    if (readyState !== OPEN || (bufferedAmount ?? 0) > 0) this.#cut(reason);
    else {
      this.#close(reason);
      this.#failed();
    }
  }

  /** Cuts the connection, because a peer that doesn't read wouldn't answer a close either. */
  #cut(reason: Error): void {
    this.#liveness.stop();
    this.#queue = [];
    if (this.#socket.terminate) this.#socket.terminate();
    else this.#closeSocket(reason);
    this.#release();
  }

  #closeSocket(reason: unknown): void {
    if (this.#socket.readyState <= OPEN) this.#socket.close(SESSION_ENDED, closeReason(reason));
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
