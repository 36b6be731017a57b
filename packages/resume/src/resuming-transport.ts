import type { EncodingLevel, Transport, TransportReceiver } from "@capnweb/core";
import { Client } from "./client.ts";
import type { Goaway, OpenTransport, PeerKind, ResumeOptions, ResumeState } from "./options.ts";

/**
 * The connecting side of a session that outlives its connections.
 *
 * The session starts at once, and its messages leave when there is a connection. If a connection
 * is lost, another one takes its place, and every message still arrives exactly once and in order.
 * This holds as long as both processes live, the window hasn't passed, and the buffer holds.
 * Otherwise, the session ends with a {@link ResumeError}.
 *
 * A peer that doesn't accept with a {@link ResumeAcceptor} is served as over any transport: the
 * session ends with its connection.
 *
 * @example
 * ```ts
 * const transport = new ResumingTransport(
 *   ({ signal }) => webSocketTransport("wss://example.com/api", { signal }),
 *   { onStateChange: ({ state }) => console.log(state) },
 * );
 * const api = startSession<Api>(transport);
 * ```
 */
export class ResumingTransport implements Transport {
  readonly #open: OpenTransport;
  readonly #options: ResumeOptions;
  #client: Client;

  /**
   * @param open opens a connection. Called again after each loss
   * @param options bounds, times and listeners
   */
  constructor(open: OpenTransport, options: ResumeOptions = {}) {
    this.#open = open;
    this.#options = options;
    this.#client = new Client(open, options);
  }

  get encodingLevel(): EncodingLevel {
    return this.#client.channel.level;
  }

  get isBinary(): boolean {
    return this.#client.isBinary;
  }

  /** The state of the session. */
  get state(): ResumeState {
    return this.#client.status.state;
  }

  /** The peer's knowledge of `resume`. The session of a `"plain"` one ends with its connection. */
  get peer(): PeerKind {
    return this.#client.peer;
  }

  /** Names the process or object that accepts; `undefined` until it has told. */
  get epoch(): string | undefined {
    return this.#client.status.epoch;
  }

  /** The number of frames that the session sent. A frame is one call of {@link send}. */
  get sent(): number {
    return this.#client.channel.out.sent;
  }

  /** The number of sent frames that were handed to a connection. Later ones never left. */
  get written(): number {
    return this.#client.channel.out.written;
  }

  /** The number of sent frames that the peer has certainly received. */
  get acknowledged(): number {
    return this.#client.channel.out.acknowledged;
  }

  /** The number of frames that were sent again after a loss. */
  get replayed(): number {
    return this.#client.channel.out.replayed;
  }

  /** Bytes that wait for the peer's acknowledgement. */
  get buffered(): number {
    return this.#client.channel.out.bytes;
  }

  /**
   * True if there's no connection, and as many bytes wait as `buffer` allows. New calls should fail
   * then: the session ends if more than `maxBuffered` wait.
   */
  get isFull(): boolean {
    return this.#client.channel.out.isFull;
  }

  /**
   * Drops the connection and opens another one at once, for instance because the peer doesn't
   * answer a probe. Without a connection, the next attempt begins now. A session whose peer doesn't
   * know `resume` ends with `reason`.
   */
  interrupt(reason: unknown = new Error("The connection was interrupted.")): void {
    this.#client.interrupt(reason);
  }

  /** Asks the peer to leave. The sessions of peers without {@link ResumeAcceptor} ignore it. */
  goaway(goaway: Goaway): void {
    this.#client.channel.goaway(goaway);
  }

  /**
   * Makes a transport for a new session after this one has closed, with the same options. It goes
   * on with the open connection if the peer said there that the session is gone (`"RESUME_FRESH"`),
   * and opens a connection otherwise.
   */
  successor(): ResumingTransport {
    const successor = new ResumingTransport(this.#open, this.#options);
    successor.#client = new Client(this.#open, this.#options, this.#client.takeLeft());
    return successor;
  }

  start(receiver: TransportReceiver): void {
    this.#client.start(receiver);
  }

  /**
   * @throws ResumeError if there's no connection, and more waits than the buffer holds
   * @throws the connection's error, if the peer doesn't know `resume`
   */
  send(frame: unknown): number | void {
    return this.#client.channel.send(frame);
  }

  flush(): void {
    this.#client.channel.flush();
  }

  whenWritable(): Promise<void> | undefined {
    return this.#client.channel.out.whenWritable();
  }

  pause(): void {
    this.#client.channel.pause();
  }

  resume(): void {
    this.#client.channel.resume();
  }

  abort(reason: unknown): void {
    this.#client.abort(reason);
  }
}
