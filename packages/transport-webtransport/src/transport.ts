import type { Transport, TransportReceiver } from "@capnweb/core";
import { FrameDecoder, FrameEncoder, FrameError, LimitError } from "@capnweb/wire";
import { CLOSE_CODES, type CloseInfo, closeInfo } from "./close-info.ts";
import {
  closedError,
  endedError,
  lostError,
  openingError,
  speechlessError,
  tooSlowError,
  WebTransportClosedError,
} from "./errors.ts";
import { KeepAlive } from "./keep-alive.ts";
import { type ByteStreamOptions, bytesFor } from "./options.ts";
import type { Connection } from "./shapes.ts";

const DEFAULT_HIGH_WATER_MARK = 1024 * 1024;

/** Most bytes of a write. Larger ones gain nothing, and hold up what comes after them. */
const MAX_WRITE = 64 * 1024;

/** Milliseconds that a peer has for each write after the session has ended, and then to end its side. */
const LINGER = 2_000;

/** Milliseconds that the reason for a stream's failure may take to come. */
const EXPLANATION_TIMEOUT = 500;

/**
 * A session's messages as frames in a pair of byte streams, which may still be opening.
 *
 * Reads and writes of a WebTransport stream may stay pending for ever once the session is gone. So nothing
 * here waits for one alone: whatever ends the connection first ends the transport, and what settles later
 * finds it over.
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
  readonly #keepAlive: KeepAlive | undefined;
  readonly #highWaterMark: number;
  readonly #maxBuffered: number;
  readonly #firstBytesTimeout: number | undefined;
  #receiver: TransportReceiver | undefined;
  #connection: Connection | undefined;
  #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  #writer: WritableStreamDefaultWriter<Uint8Array> | undefined;
  #isPumping = false;
  /** Set once the session has ended: what was sent is written, and then the stream ended. */
  #ending: CloseInfo | undefined;
  /** The peer has ended its side. */
  #hasEnded = false;
  /** The connection is over, or given up. */
  #isOver = false;
  #firstBytesTimer: ReturnType<typeof setTimeout> | undefined;
  #endTimer: ReturnType<typeof setTimeout> | undefined;
  #room: { readonly promise: Promise<void>; resolve(): void } | undefined;

  /** @param connection an open connection, or one that is being opened. The transport owns it */
  constructor(connection: Connection | PromiseLike<Connection>, options: ByteStreamOptions = {}) {
    this.#opening = "then" in connection ? connection : Promise.resolve(connection);
    this.#decoder = new FrameDecoder(options.maxMessageBytes ?? bytesFor());
    this.#highWaterMark = options.highWaterMark ?? DEFAULT_HIGH_WATER_MARK;
    this.#maxBuffered = options.maxBufferedAmount ?? Number.POSITIVE_INFINITY;
    this.#firstBytesTimeout = options.firstBytesTimeout;
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
    const { pending } = this.#encoder;
    if (pending > this.#maxBuffered) {
      this.#fail(tooSlowError(pending, this.#maxBuffered), CLOSE_CODES.policyViolation);
      return;
    }
    this.#encoder.push(message);
    this.#pump();
  }

  whenWritable(): Promise<void> | undefined {
    if (this.#isOver || this.#encoder.pending <= this.#highWaterMark) return undefined;
    this.#room ??= withResolver();
    return this.#room.promise;
  }

  abort(reason: unknown): void {
    if (this.#isOver) return;
    this.#ending = closeInfo(CLOSE_CODES.sessionEnded, reason);
    this.#keepAlive?.stop();
    clearTimeout(this.#firstBytesTimer);
    if (this.#connection === undefined) return;
    this.#linger();
    this.#pump();
  }

  #opened(connection: Connection): void {
    this.#connection = connection;
    this.#reader = connection.readable.getReader();
    this.#writer = connection.writable.getWriter();
    // Said by `closed` as well, or by the read or write under way.
    for (const { closed } of [this.#reader, this.#writer]) closed.catch(() => {});
    if (this.#isOver) {
      this.#letGo();
      return;
    }
    connection.closed?.then(
      (info) => this.#over(closedError(info)),
      (cause) => this.#over(lostError(cause)),
    );
    const timeout = this.#firstBytesTimeout;
    if (this.#ending !== undefined) this.#linger();
    else {
      this.#keepAlive?.start();
      if (timeout !== undefined) {
        this.#firstBytesTimer = setTimeout(() => {
          this.#fail(speechlessError(timeout), CLOSE_CODES.policyViolation);
        }, timeout);
      }
    }
    void this.#read(this.#reader);
    this.#pump();
  }

  // Reading.

  async #read(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (this.#isOver) return;
        if (done) break;
        this.#received(value);
      }
    } catch (cause) {
      this.#broke(cause);
      return;
    }
    this.#ended();
  }

  #received(bytes: Uint8Array): void {
    // Nobody wants it any more; but what isn't read would hold up the stream's end.
    if (this.#ending !== undefined) return;
    this.#keepAlive?.received();
    clearTimeout(this.#firstBytesTimer);
    try {
      if (!ArrayBuffer.isView(bytes)) throw new FrameError("The readable gave what isn't bytes.");
      this.#decoder.push(bytes, (message) => {
        if (message === "") this.#keepAlive?.receivedPing();
        else this.#receiver!.receive(message);
      });
    } catch (error) {
      this.#failDecoding(error);
    }
  }

  /** The peer has ended its side, which it does when the session is over for it. */
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
    // What is sent until the microtasks have run leaves in one write.
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
    this.#room?.resolve();
    this.#room = undefined;
  }

  // The end.

  /**
   * Waits for the peer to take what was sent and to end its side too, but not for long. Closing at once
   * would overtake what was written last.
   */
  #linger(): void {
    clearTimeout(this.#endTimer);
    this.#endTimer = setTimeout(() => this.#over(this.#ending), LINGER);
  }

  /** A stream failed. If that is because the session was closed, `closed` is about to say why. */
  #broke(cause: unknown): void {
    if (this.#isOver) return;
    if (this.#connection?.closed === undefined) this.#over(lostError(cause));
    else {
      clearTimeout(this.#endTimer);
      this.#endTimer = setTimeout(() => this.#over(lostError(cause)), EXPLANATION_TIMEOUT);
    }
  }

  /** Ends the session and the connection because of what the peer did. */
  #fail(reason: unknown, closeCode: number): void {
    if (this.#isOver) return;
    this.#ending ??= closeInfo(closeCode, reason);
    this.#over(reason);
  }

  /** Ends the session, if it hasn't, and lets go of the connection. */
  #over(reason: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#keepAlive?.stop();
    clearTimeout(this.#firstBytesTimer);
    clearTimeout(this.#endTimer);
    this.#giveRoom();
    this.#receiver!.close(reason);
    this.#letGo();
  }

  #letGo(): void {
    // Without reasons: libraries differ in what they take for one.
    if (this.#hasEnded) this.#writer?.close().catch(() => {});
    else {
      this.#reader?.cancel().catch(() => {});
      this.#writer?.abort().catch(() => {});
    }
    this.#connection?.close(this.#ending ?? closeInfo(CLOSE_CODES.sessionEnded, ""));
  }
}

function withResolver(): { readonly promise: Promise<void>; resolve(): void } {
  let resolve!: () => void;
  const promise = new Promise<void>((each) => {
    resolve = each;
  });
  return { promise, resolve };
}
