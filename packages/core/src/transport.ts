/**
 * The contract between a session and the medium that carries its messages.
 *
 * The session's own contract, {@link Transport}, is push style: the transport hands in messages by
 * callback. {@link RpcTransport} and {@link RpcTransportWithCustomEncoding} are the pull-style
 * contracts that transports for `capnweb` implement; a session takes these as well.
 */
import type { EncodingLevel } from "@capnweb/wire";

/**
 * What a session offers its transport. Neither method throws; both may be called synchronously
 * from within `send`.
 */
export interface TransportReceiver {
  /**
   * A message arrived: JSON text at encoding level `"string"` (a `Uint8Array` where the transport
   * {@link Transport.isBinary | is binary}), else a message tree. Trees belong to the session from
   * now on, and so do a `Uint8Array` and, where it covers all of it, its buffer: what is in it may
   * be delivered without a copy. Messages must be handed in in the order in which the peer sent
   * them.
   */
  receive(message: unknown): void;

  /**
   * The peer will send nothing more, but still takes messages: an HTTP batch server calls this once
   * the request body was handed in. What the session still awaits from the peer fails with
   * `reason`, or if that is a function, with what it gives: called once, when somebody asks. Most
   * ends are no failure, and nobody does.
   */
  end(reason: unknown): void;

  /**
   * The medium is gone. Every pending call fails with `reason`, which may be a function as with
   * {@link end}. Idempotent; after it the session neither sends nor aborts.
   */
  close(reason: unknown): void;
}

/**
 * A reliable, ordered medium for messages.
 *
 * @example A transport over a `MessagePort`, without closing:
 * ```ts
 * const transport: Transport = {
 *   encodingLevel: "structuredClonable",
 *   start(receiver) {
 *     port.onmessage = (event) => receiver.receive(event.data);
 *   },
 *   send: (message) => port.postMessage(message),
 *   abort: () => port.close(),
 * };
 * ```
 */
export interface Transport {
  /** How far the session encodes messages before `send`. Default `"string"`. */
  readonly encodingLevel?: EncodingLevel | undefined;

  /**
   * Whether a session tells the peer which extensions it knows. `"reply"` at the accepting end of a
   * connection, which speaks second; false for media that carry one exchange and are over. Default
   * true. The application's `announce` goes first.
   */
  readonly announces?: boolean | "reply" | undefined;

  /**
   * Whether the medium itself has told that the peer is one of this library's, as the headers of an
   * HTTP batch do. The library's errors then keep their `code` and `limit`, and arrive as instances
   * of their classes. It may become true later, before the first message is handed in. Default
   * false.
   */
  readonly peerAnnounced?: boolean | undefined;

  /**
   * Whether binary frames can be carried beside text, in order: `send` then takes `Uint8Array`s as
   * well, to a peer that announced that it does so too, and `receive` may be handed them. What is
   * sent isn't written to any more. Only at level `"string"`. Default false.
   */
  readonly isBinary?: boolean | undefined;

  /** Called once, by the session's constructor, before anything is sent. */
  start(receiver: TransportReceiver): void;

  /**
   * Takes a message to be sent. May keep it back until the turn is over or the medium is open.
   *
   * @returns the message's size in bytes where the transport knows it and the session can't (any
   *   level but `"string"`); stream flow control counts with it
   * @throws where the message can't be sent at all; the session then ends with what was thrown, and
   *   {@link abort} is called, so that the peer hears of the end
   */
  send(message: unknown): number | void;

  /**
   * Called when all that a turn of the program had to say was handed to `send`, so that a transport
   * can write it in one go.
   */
  flush?(): void;

  /**
   * While this gives a promise, the medium's send buffer is over its high-water mark, and streams
   * hold back until it settles. `undefined` means there is room.
   */
  whenWritable?(): Promise<void> | undefined;

  /**
   * The session has more messages than it can handle at the moment. A transport that can hold its
   * peer back stops reading until {@link resume}; messages that still arrive are handed in as ever.
   */
  pause?(): void;

  /** The session takes messages again. Called only after {@link pause}. */
  resume?(): void;

  /**
   * The session has ended: the application disposed its main stub, the session failed (then an
   * `abort` message was sent just before), the peer aborted, or {@link send} threw. The transport
   * delivers what it was given, if it can, and closes the medium. Called at most once, and not
   * after `close`.
   */
  abort(reason: unknown): void;
}

/**
 * A pull-style transport for JSON text, as `capnweb` defines it. Prefer {@link Transport} for new
 * ones: it saves a promise per message.
 */
export interface RpcTransport {
  readonly encodingLevel?: "string" | undefined;
  /**
   * Sends a message. If it throws, or a promise it returns rejects, the session ends with that
   * reason.
   */
  send(message: string): void | Promise<void>;
  /**
   * The next message. Rejects, once and for all, when the medium is gone; the session then sends an
   * `abort` message, if it can, and calls {@link abort}.
   */
  receive(): Promise<string>;
  /** The session has ended; deliver what was sent, if possible, and close. */
  abort?(reason: any): void;
}

/** A pull-style transport that takes message trees rather than text. */
export interface RpcTransportWithCustomEncoding {
  readonly encodingLevel: Exclude<EncodingLevel, "string">;
  /**
   * Sends a message; gives its encoded size in bytes where known, which the windows of streams
   * count.
   */
  send(message: unknown): number | void;
  /**
   * The next message. Rejects, once and for all, when the medium is gone; the session then sends an
   * `abort` message, if it can, and calls {@link abort}.
   */
  receive(): Promise<unknown>;
  /** The session has ended; deliver what was sent, if possible, and close. */
  abort?(reason: any): void;
}

/** Every pull-style transport. */
export type AnyRpcTransport = RpcTransport | RpcTransportWithCustomEncoding;
