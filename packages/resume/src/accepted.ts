import type { Transport } from "@capnweb/core";
import type { BufferOptions, Goaway } from "./options.ts";

/** The facts that a caller has about a connection. `I` is the type of an identity. */
export interface AcceptInfo<I = unknown> {
  /**
   * The peer's identity, as far as the medium or the request tells: for instance a user's id. Kept
   * with the session.
   */
  readonly identity?: I | undefined;
  /**
   * The name of a group of peers, such as a network, that together may have at most
   * `maxDetachedPerGroup` sessions without a connection. Default: none.
   */
  readonly group?: string | undefined;
  /**
   * Decides whether the peer of this connection may go on with a session that it has the secret
   * of. By default, the identities have to be the same by `Object.is`. It may take
   * `authorizeTimeout`.
   *
   * @param previous the facts with which the session's latest connection was accepted
   * @returns false, or a promise of it, if it may not
   * @throws a ResumeError whose message the peer reads as the reason
   */
  authorize?(previous: AcceptInfo<I>): boolean | Promise<boolean>;
  /**
   * The attachment of a connection that outlived the state of its session, as
   * {@link AcceptedTransport.attachment} gave it. The peer is told that its session is gone, as
   * soon as it says anything, and a new session starts on this connection.
   */
  readonly attachment?: ResumeAttachment | undefined;
}

/**
 * The facts about a connection that outlive the memory of its process, for instance in the
 * attachment of a hibernating WebSocket. Can be cloned, and is JSON.
 */
export interface ResumeAttachment {
  /** False for a peer that doesn't know `resume`, which can't learn that its session is gone. */
  readonly resumes: boolean;
}

/** Options of a {@link ResumeAcceptor}. */
export interface ResumeAcceptorOptions<I = unknown> extends BufferOptions {
  /** Milliseconds for which a session waits for its peer to come back. Default 120,000. */
  readonly window?: number | undefined;
  /**
   * Most sessions without a connection. Above it, the oldest one of the group with the most of them
   * is given up. Default 10,000.
   */
  readonly maxDetached?: number | undefined;
  /**
   * Most of these sessions in one group of {@link AcceptInfo.group}, so that one peer can't push
   * out the sessions of others. Default 1,000.
   */
  readonly maxDetachedPerGroup?: number | undefined;
  /**
   * Most bytes that wait for the peers of sessions without a connection. Above it, the largest ones
   * of the groups with the most bytes are given up, until a tenth of the room is free. Default
   * 64 MiB.
   */
  readonly maxDetachedBytes?: number | undefined;
  /**
   * Most bytes that all sessions together keep for their peers, with and without a connection.
   * Above it, the connected sessions that keep most, in the groups that keep most, forget the
   * messages that have left. They go on, but can't be resumed until their peer has acknowledged
   * these messages. Default 256 MiB.
   */
  readonly maxKeptBytes?: number | undefined;
  /**
   * Milliseconds to wait for a peer's first message. A peer that says nothing in this time is
   * served as one that doesn't know `resume`. Default 5,000.
   */
  readonly firstMessageTimeout?: number | undefined;
  /**
   * Milliseconds that {@link AcceptInfo.authorize} may take; the peer is then refused. Default
   * 10,000.
   */
  readonly authorizeTimeout?: number | undefined;
  /**
   * Bytes that a peer may send before its session starts. The largest message doesn't count. A peer
   * that sends more loses its connection, unless the medium can hold it back. Default 16 MiB.
   */
  readonly maxWaiting?: number | undefined;
  /**
   * True if peers of this address reach no other acceptor: no other process, and none that starts
   * later under the same address within the window. A peer whose very first messages were lost then
   * goes on. Default `false`: it is told that its session is gone, because another process may have
   * carried out these messages.
   */
  readonly isSole?: boolean | undefined;
  /** Names this acceptor in answers. Default: a random UUID. */
  readonly epoch?: string | undefined;
  /** Called when a session has lost its connection, and waits for the peer. */
  onDetach?(session: AcceptedTransport<I>): void;
  /** Called when a session has a connection again. */
  onResume?(session: AcceptedTransport<I>): void;
  /** Called when a session is given up whose peer didn't come back. */
  onExpire?(session: AcceptedTransport<I>, reason: "expired" | "evicted"): void;
  /** Called when the peer of a session asks this side to leave. */
  onGoaway?(session: AcceptedTransport<I>, goaway: Goaway): void;
}

/** The transport of a session that an acceptor accepted. */
export interface AcceptedTransport<I = unknown> extends Transport {
  /** `"plain"`: the peer doesn't know `resume`, and the session ends with the connection. */
  readonly kind: "plain" | "resumable";
  /** `"detached"`: without a connection, until the peer comes back or the window passes. */
  readonly state: "open" | "detached" | "closed";
  /** The facts with which the latest connection was accepted. */
  readonly info: AcceptInfo<I>;
  /** The number of connections so far that resumed the session. */
  readonly resumptions: number;
  /** The number of frames that the session sent. */
  readonly sent: number;
  /** The number of sent frames that were handed to a connection. Later ones never left. */
  readonly written: number;
  /** The number of sent frames that the peer surely received. */
  readonly acknowledged: number;
  /** Bytes that wait for the peer's acknowledgement. */
  readonly buffered: number;
  /** The facts to keep if the process's memory may be dropped under a living connection. */
  readonly attachment: ResumeAttachment;
  /** Asks the peer to leave. Without a connection, it learns this when it comes back. */
  goaway(goaway: Goaway): void;
}

/**
 * The result of accepting a connection. For `"plain"` and `"new"`, start a session on `transport`.
 * For `"resumed"`, the session of `transport` goes on by itself.
 */
export interface AcceptedConnection<I = unknown> {
  readonly kind: "plain" | "new" | "resumed";
  readonly transport: AcceptedTransport<I>;
}
