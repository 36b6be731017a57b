/**
 * The contract between a session and the medium that carries its messages.
 *
 * The session's own contract, {@link Transport}, is push style: the transport hands in messages by
 * callback. Transports for `capnweb` implement the pull-style contracts, {@link RpcTransport} and
 * {@link RpcTransportWithCustomEncoding}. A session accepts all three.
 */
import type { Documents, EncodingLevel } from "@capnweb/wire";

/** The headers that carry the context of an exchange's calls (docs/protocol.md, "HTTP batches"). */
export interface CarriedHeaders {
  /**
   * The headers as of now, because the remaining time shrinks. Empty if there is nothing to carry.
   */
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/**
 * The session, as its transport sees it. Its methods never throw. A transport may call them at any
 * time after {@link Transport.start}, also from within `send`.
 */
export interface TransportReceiver {
  /**
   * Hands in a frame, in the order in which the peer sent it. At encoding level `"string"` it is
   * text, or a `Uint8Array` if the transport {@link Transport.isBinary | is binary}. At the other
   * levels it is a message tree.
   *
   * @param message owned by the session from now on. The session may deliver the bytes of a
   *   `Uint8Array` without a copy, and owns their buffer as well if they cover all of it
   */
  receive(message: unknown): void;

  /**
   * Ends receiving: the peer will send nothing more, but still accepts messages. The server of an
   * HTTP batch calls this after the last message of the request. Calls that wait for the peer fail.
   *
   * @param reason the error that they fail with, or a function that makes it. The function is
   *   called at most once, when an error is first needed
   */
  end(reason: unknown): void;

  /**
   * Ends the session, because the medium is gone. Every pending call fails. The session calls
   * neither `send` nor `abort` after that. A second call does nothing.
   *
   * @param reason as with {@link end}
   */
  close(reason: unknown): void;

  /**
   * Asks the peer's session for a sign of life, with a message that every implementation answers.
   * Its answer arrives as any message does. A transport calls this if its medium has no pings of
   * its own. Does nothing once the session is over.
   *
   * A receiver that stands between a transport and a session passes it on. Without it, the
   * transport can't tell a silent peer from a stopped one.
   */
  probe?(): void;
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
  /** The form of the messages that `send` takes and `receive` gets. Default `"string"`. */
  readonly encodingLevel?: EncodingLevel | undefined;

  /**
   * True if a session announces its extensions to the peer. Use `"reply"` at the accepting end of a
   * connection, which announces second, and `false` for media that carry a single exchange. Default
   * `true`. The application's option `announce` overrides `true` and `"reply"`.
   */
  readonly announces?: boolean | "reply" | undefined;

  /**
   * True if the medium itself has announced that the peer runs this library, as the headers of an
   * HTTP batch do. The library's errors then keep their `code` and `limit`, and arrive as instances
   * of their classes. The value may become `true` until the first message is handed in. Default
   * `false`.
   */
  readonly peerAnnounced?: boolean | undefined;

  /**
   * The documents that the peer knows (docs/protocol.md, "Extensions"), if the medium itself has
   * announced them, as the headers of an HTTP batch do. Only at level `"string"`. Default: those
   * that a message announces.
   */
  readonly peerDocuments?: Documents | undefined;

  /**
   * The context of all of the peer's calls, if the medium carries it outside of messages: the
   * result of `readContextHeaders` of `@capnweb/core/server`.
   */
  readonly received?: object | undefined;

  /**
   * True if the medium carries binary frames beside text, in order. `send` then also gets
   * `Uint8Array`s, which don't change any more, if the peer has announced that it takes them. Pass
   * those that arrive to `receive`. Only at level `"string"`. Default `false`.
   */
  readonly isBinary?: boolean | undefined;

  /**
   * Receives the context of the exchange's calls, if the medium carries a single exchange, so that
   * no message can tell the peer. Called once, before the first call with a context leaves. The
   * headers are complete once all calls have left.
   */
  carry?(context: CarriedHeaders): void;

  /**
   * Called when all calls were cancelled, or their results given up, so that nothing that the peer
   * may still send is needed. A transport for one exchange may then give it up.
   */
  unneeded?(): void;

  /**
   * Starts the transport. The session's constructor calls it once, before it sends anything.
   *
   * @param receiver the session
   * @throws an error that the session's constructor then throws
   */
  start(receiver: TransportReceiver): void;

  /**
   * Sends a frame: text that may join several messages, bytes, or a message tree. It may wait until
   * the turn is over or the medium is open.
   *
   * @returns the frame's size in bytes, if the encoding level isn't `"string"` and the transport
   *   knows it. The flow control of streams counts it
   * @throws an error if the message can't be sent at all. The session ends with it, and calls
   *   {@link abort} so that the peer learns of the end
   */
  send(message: unknown): number | void;

  /**
   * Called after the last `send` of a turn of the program, so that a transport can write all of the
   * turn's frames at once.
   */
  flush?(): void;

  /**
   * The back-pressure of the medium. Streams ask for it after each chunk, and wait for the promise.
   *
   * @returns a promise that settles once the medium's send buffer has room again, or `undefined` if
   *   it has room now
   */
  whenWritable?(): Promise<void> | undefined;

  /**
   * Called when the session has more messages than it can handle at the moment. A transport that
   * can hold its peer back stops reading until {@link resume}. It still hands in messages that
   * arrive.
   */
  pause?(): void;

  /** Called when the session can handle messages again, after {@link pause}. */
  resume?(): void;

  /**
   * Called when the session has ended: the application disposed of the main stub, the session
   * failed (after an `abort` message), the peer aborted, or {@link send} threw. Deliver the frames
   * that were sent, if possible, and close the medium. Called at most once, and not after `close`.
   *
   * @param reason the error that the session ended with
   */
  abort(reason: unknown): void;
}

/**
 * A pull-style transport for JSON text, as `capnweb` defines it. For a new transport, implement
 * {@link Transport}, which saves a promise per message.
 *
 * @example
 * ```ts
 * const transport: RpcTransport = {
 *   send: (message) => queue.put(message),
 *   receive: () => queue.next(),
 * };
 * const session = new RpcSession<Api>(transport);
 * ```
 */
export interface RpcTransport {
  /** The form of the messages. Default `"string"`. */
  readonly encodingLevel?: "string" | undefined;
  /**
   * Sends a message. If it throws, or its promise rejects, the session ends with that reason.
   */
  send(message: string): void | Promise<void>;
  /**
   * Waits for the next message.
   *
   * @throws the reason, when the medium is gone. The session then tries to send an `abort` message,
   *   and calls {@link abort}
   */
  receive(): Promise<string>;
  /** Called when the session has ended. Deliver the messages that were sent, and close. */
  abort?(reason: any): void;
}

/**
 * A pull-style transport for message trees, as `capnweb` defines it. It encodes them itself, for
 * instance as CBOR.
 */
export interface RpcTransportWithCustomEncoding {
  /** The form of the messages. */
  readonly encodingLevel: Exclude<EncodingLevel, "string">;
  /**
   * Sends a message.
   *
   * @returns the encoded size in bytes, if known. The flow control of streams counts it
   */
  send(message: unknown): number | void;
  /** Waits for the next message, as {@link RpcTransport.receive} does. */
  receive(): Promise<unknown>;
  /** Called when the session has ended. Deliver the messages that were sent, and close. */
  abort?(reason: any): void;
}

/** A pull-style transport of either kind. */
export type AnyRpcTransport = RpcTransport | RpcTransportWithCustomEncoding;
