import type { Transport, TransportReceiver } from "@capnweb/core";
import { reportLimit } from "@capnweb/core/server";
import { FrameDecoder, FrameEncoder, FrameError, LimitError } from "@capnweb/wire";
import { CLOSE_CODES, type CloseInfo, closeInfo } from "./close-info.ts";
import {
  closedError,
  endedError,
  idleError,
  lostError,
  openingError,
  speechlessError,
  tooSlowError,
  WebTransportClosedError,
} from "./errors.ts";
import { IdleTimer } from "./idle-timer.ts";
import { KeepAlive } from "./keep-alive.ts";
import { type ByteStreamOptions, frameLimits } from "./options.ts";
import { PartialFrame } from "./partial-frame.ts";
import { Rate } from "./rate.ts";
import type { Connection } from "./shapes.ts";

const DEFAULT_HIGH_WATER_MARK = 1024 * 1024;
const DEFAULT_MAX_BUFFERED_AMOUNT = 64 * 1024 * 1024;

/** Most bytes of a write. Larger writes gain nothing, and delay the data behind them. */
const MAX_WRITE = 64 * 1024;

/** Most empty frames per second that a peer may send. It needs one in ten seconds. */
const MAX_PING_RATE = 100;

/**
 * Milliseconds that a peer has for each write after the session has ended, and then to end its
 * side.
 */
const LINGER = 2_000;

/** Milliseconds to wait for the reason of a stream's failure. */
const EXPLANATION_TIMEOUT = 500;

/**
 * Carries a session's messages as frames in a pair of byte streams, which may still be opening (see
 * docs/framing.md). Owns the connection, and closes it when the session ends.
 *
 * Reads and writes of a WebTransport stream may stay pending for ever once the session is gone, so
 * this class never waits for one alone: the first event that ends the connection ends the
 * transport, and operations that settle later find it over.
 *
 * @example
 * ```ts
 * const transport = new ByteStreamTransport(connectWebTransport("https://example.com/api"));
 * const session = new RpcSession<Api>(transport);
 * console.log(session.getStats());
 * ```
 */
export class ByteStreamTransport implements Transport {
  readonly isBinary = true;
  readonly #opening: PromiseLike<Connection>;
  readonly #encoder = new FrameEncoder(MAX_WRITE);
  readonly #decoder: FrameDecoder;
  readonly #partialFrame: PartialFrame;
  /** Limits the peer's empty frames. */
  readonly #pings = new Rate(MAX_PING_RATE);
  readonly #keepAlive: KeepAlive | undefined;
  readonly #listeners: Pick<ByteStreamOptions, "onLimit" | "onError">;
  readonly #highWaterMark: number;
  readonly #maxBuffered: number;
  readonly #firstBytesTimeout: number | undefined;
  readonly #idleTimeout: number | undefined;
  #receiver: TransportReceiver | undefined;
  #connection: Connection | undefined;
  #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  #writer: WritableStreamDefaultWriter<Uint8Array> | undefined;
  #isPumping = false;
  /** At least the length of the largest waiting message. */
  #largest = 0;
  /**
   * Set once the session has ended. The messages sent before are still written, and the stream then
   * ends.
   */
  #ending: CloseInfo | undefined;
  /** True if the peer has ended its side. */
  #hasEnded = false;
  /** True if the connection is over, or given up. */
  #isOver = false;
  #firstBytesTimer: ReturnType<typeof setTimeout> | undefined;
  #idleTimer: IdleTimer | undefined;
  #endTimer: ReturnType<typeof setTimeout> | undefined;
  #room: Gate | undefined;
  /** Set while the session is paused. Reading goes on when it opens. */
  #pause: Gate | undefined;

  /**
   * @param connection a connection that is open or being opened. The transport owns it
   * @param options bounds and times for the peer
   */
  constructor(connection: Connection | PromiseLike<Connection>, options: ByteStreamOptions = {}) {
    this.#opening = "then" in connection ? connection : Promise.resolve(connection);
    this.#decoder = new FrameDecoder(
      options.maxMessageBytes ?? frameLimits("client").maxMessageBytes,
    );
    this.#partialFrame = new PartialFrame(options.maxProcessHeldBytes, (error) =>
      this.#failDecoding(error),
    );
    this.#listeners = options;
    this.#highWaterMark = options.highWaterMark ?? DEFAULT_HIGH_WATER_MARK;
    this.#maxBuffered = options.maxBufferedAmount ?? DEFAULT_MAX_BUFFERED_AMOUNT;
    this.#firstBytesTimeout = options.firstBytesTimeout;
    this.#idleTimeout = options.idleTimeout;
    if (options.keepAlive !== false) {
      this.#keepAlive = new KeepAlive(options.keepAlive ?? {}, {
        ping: () => this.#ping(),
        giveUp: (reason) => this.#fail(reason, CLOSE_CODES.policyViolation),
      });
    }
  }

  start(receiver: TransportReceiver): void {
    this.#receiver = receiver;
    Promise.resolve(this.#opening)
      .then((connection) => this.#opened(connection))
      .catch((cause) => {
        this.#over(cause instanceof WebTransportClosedError ? cause : openingError(cause));
      });
  }

  send(message: string | Uint8Array): void {
    if (this.#isOver) return;
    const { pending, partial } = this.#encoder;
    if (pending === 0) this.#largest = 0;
    if (pending > this.#maxBuffered + Math.max(this.#largest, partial)) {
      this.#fail(tooSlowError(pending, this.#maxBuffered), CLOSE_CODES.policyViolation);
      return;
    }
    this.#largest = Math.max(this.#largest, message.length);
    this.#idleTimer?.touch();
    this.#encoder.push(message);
    this.#pump();
  }

  /** Stops reading, so that the stream's flow control holds the peer back. */
  pause(): void {
    if (this.#isOver || this.#ending !== undefined) return;
    this.#pause ??= gate();
    this.#keepAlive?.pause();
  }

  resume(): void {
    this.#pause?.open();
    this.#pause = undefined;
    this.#keepAlive?.resume();
    this.#idleTimer?.touch();
  }

  whenWritable(): Promise<void> | undefined {
    if (this.#isOver || this.#encoder.pending <= this.#highWaterMark) return undefined;
    this.#room ??= gate();
    return this.#room.promise;
  }

  abort(reason: unknown): void {
    if (this.#isOver) return;
    this.#ending = closeInfo(CLOSE_CODES.sessionEnded, reason);
    this.#stopTimers();
    // Reads on, because the stream's end has to be read.
    this.resume();
    if (this.#connection === undefined) return;
    this.#linger();
    this.#pump();
  }

  #opened(connection: Connection): void {
    this.#connection = connection;
    this.#reader = connection.readable.getReader();
    this.#writer = connection.writable.getWriter();
    // The connection's `closed`, or the pending read or write, reports the same failure.
    for (const { closed } of [this.#reader, this.#writer]) closed.catch(() => {});
    if (this.#isOver) {
      this.#letGo();
      return;
    }
    connection.closed?.then(
      (info) => this.#over(closedError(info)),
      (cause) => this.#over(lostError(cause)),
    );
    if (this.#ending !== undefined) this.#linger();
    else this.#startTimers();
    void this.#read(this.#reader);
    this.#pump();
  }

  #startTimers(): void {
    this.#keepAlive?.start();
    const firstBytes = this.#firstBytesTimeout;
    if (firstBytes !== undefined) {
      this.#firstBytesTimer = setTimeout(() => {
        this.#fail(speechlessError(firstBytes), CLOSE_CODES.policyViolation);
      }, firstBytes);
    }
    const idle = this.#idleTimeout;
    if (idle !== undefined && Number.isFinite(idle)) {
      this.#idleTimer = new IdleTimer(idle, () => {
        this.#fail(idleError(idle), CLOSE_CODES.policyViolation);
      });
    }
  }

  #stopTimers(): void {
    this.#keepAlive?.stop();
    this.#idleTimer?.stop();
    clearTimeout(this.#firstBytesTimer);
  }

  // Reading.

  async #read(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (this.#isOver) return;
        if (done) break;
        this.#received(value);
        while (this.#pause !== undefined) await this.#pause.promise;
        if (this.#isOver) return;
      }
    } catch (cause) {
      this.#broke(cause);
      return;
    }
    this.#ended();
  }

  #received(bytes: Uint8Array): void {
    // The session has ended, so the bytes are dropped. Unread bytes would hold up the stream's end.
    if (this.#ending !== undefined) return;
    this.#keepAlive?.received();
    clearTimeout(this.#firstBytesTimer);
    try {
      if (!ArrayBuffer.isView(bytes)) throw new FrameError("The readable gave what isn't bytes.");
      this.#decoder.push(bytes, (message) => {
        if (message === "") this.#receivedPing();
        else {
          this.#idleTimer?.touch();
          this.#receiver!.receive(message);
        }
      });
      this.#partialFrame.size = this.#decoder.held;
    } catch (error) {
      this.#failDecoding(error);
    }
  }

  #receivedPing(): void {
    if (!this.#pings.take()) throw new FrameError("The peer sends too many empty frames.");
    this.#keepAlive?.receivedPing();
  }

  /** Handles the peer's end of its side, which means that the session is over for the peer. */
  #ended(): void {
    this.#hasEnded = true;
    try {
      if (this.#ending === undefined) this.#decoder.end();
    } catch (error) {
      this.#failDecoding(error);
      return;
    }
    this.#over(endedError());
  }

  #failDecoding(error: unknown): void {
    const { tooBig, protocolError } = CLOSE_CODES;
    this.#fail(error, error instanceof LimitError ? tooBig : protocolError);
  }

  // Writing.

  #ping(): void {
    this.#encoder.push("");
    this.#pump();
  }

  #pump(): void {
    if (this.#isPumping || this.#isOver || this.#writer === undefined) return;
    this.#isPumping = true;
    void this.#write(this.#writer);
  }

  async #write(writer: WritableStreamDefaultWriter<Uint8Array>): Promise<void> {
    // Gathers the messages of one turn's microtasks into one write.
    await undefined;
    try {
      for (;;) {
        const chunk = this.#encoder.take();
        if (chunk === undefined) break;
        this.#keepAlive?.writing();
        await writer.write(chunk);
        if (this.#isOver) return;
        this.#keepAlive?.written();
        if (this.#ending !== undefined) this.#linger();
        if (this.#encoder.pending <= this.#highWaterMark) this.#giveRoom();
      }
    } catch (cause) {
      this.#broke(cause);
      return;
    }
    this.#isPumping = false;
    if (this.#ending !== undefined) writer.close().catch(() => {});
  }

  #giveRoom(): void {
    this.#room?.open();
    this.#room = undefined;
  }

  // The end.

  /**
   * Waits a while for the peer to take the last messages and to end its side. Closing at once would
   * overtake the last writes.
   */
  #linger(): void {
    clearTimeout(this.#endTimer);
    this.#endTimer = setTimeout(() => this.#over(this.#ending), LINGER);
  }

  /**
   * Handles a stream's failure. If the session was closed, `closed` is about to give the reason.
   */
  #broke(cause: unknown): void {
    if (this.#isOver) return;
    if (this.#connection?.closed === undefined) this.#over(lostError(cause));
    else {
      clearTimeout(this.#endTimer);
      this.#endTimer = setTimeout(() => this.#over(lostError(cause)), EXPLANATION_TIMEOUT);
    }
  }

  /** Ends the session and the connection because the peer broke a rule or is too slow. */
  #fail(reason: unknown, closeCode: number): void {
    if (this.#isOver) return;
    this.#ending ??= closeInfo(closeCode, reason);
    const error = limitErrorOf(reason);
    if (error) reportLimit(error, this.#listeners);
    this.#over(reason);
  }

  /** Ends the session, unless it has ended, and lets go of the connection. */
  #over(reason: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#stopTimers();
    clearTimeout(this.#endTimer);
    this.#partialFrame.size = 0;
    this.#giveRoom();
    this.resume();
    this.#receiver!.close(reason);
    this.#letGo();
  }

  #letGo(): void {
    // Passes no reason, because libraries disagree about the form of one.
    if (this.#hasEnded) this.#writer?.close().catch(() => {});
    else {
      this.#reader?.cancel().catch(() => {});
      this.#writer?.abort().catch(() => {});
    }
    this.#connection?.close(this.#ending ?? closeInfo(CLOSE_CODES.sessionEnded, ""));
  }
}

/** The limit that the peer exceeded; `undefined` if it wasn't given up for that. */
function limitErrorOf(reason: unknown): LimitError | undefined {
  if (reason instanceof LimitError) return reason;
  if (!(reason instanceof WebTransportClosedError) || !reason.limit) return undefined;
  return new LimitError(reason.message, reason.limit);
}

/** A promise that is resolved from outside. */
interface Gate {
  readonly promise: Promise<void>;
  open(): void;
}

function gate(): Gate {
  let open!: () => void;
  const promise = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { promise, open };
}
