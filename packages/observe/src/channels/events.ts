import type {
  AddedContext,
  BaseSession,
  IncomingCall,
  LimitError,
  OperationKind,
  OutgoingCall,
} from "@capnweb/core";

/** The side of an operation on which it is observed. */
export type Side = "client" | "server";

/** An operation, from its begin to its outcome. */
export interface OperationEvent {
  /** `"client"` where the operation is asked for, `"server"` where it is carried out. */
  readonly side: Side;
  readonly kind: OperationKind;
  /**
   * The name for labels and logs: the class and the method at a server (`Users/list`), the path at
   * a client (`users.list`). `"_OTHER"` for a name that nothing is known to have, and for reads,
   * maps and streams. Complete once the operation is over.
   */
  readonly method: string;
  /** The time of the begin, in milliseconds by the clock of `performance.now()`. */
  readonly startedAt: number;
  /** The milliseconds that the operation has taken; `undefined` until it is over. */
  readonly duration: number | undefined;
  /**
   * `"ok"`, or the type of the error: a code of this library, the name of its class, or `"_OTHER"`.
   * `undefined` until the operation is over.
   */
  readonly outcome: string | undefined;
  /** The error of an operation that has failed. */
  readonly error: unknown;
}

/** An operation on one of the peer's objects, in the channel `capnweb:call`. */
export interface CallEvent extends OperationEvent {
  readonly side: "client";
  /** The operation, as interceptors see it. */
  readonly call: OutgoingCall;
  /**
   * Adds to the context that the operation leaves with. Only at `start`; the addition of the last
   * subscriber counts.
   */
  add(context: AddedContext): void;
  /** The `traceparent` that the operation leaves with, additions included. */
  readonly traceparent: string | undefined;
}

/** An operation of the peer's, in the channel `capnweb:serve`. */
export interface ServeEvent extends OperationEvent {
  readonly side: "server";
  /** The operation, as interceptors see it. */
  readonly call: IncomingCall;
  /** The `traceparent` that came with the operation. */
  readonly traceparent: string | undefined;
}

/** A session, in the channel `capnweb:session`. */
export interface SessionEvent {
  readonly session: BaseSession<any>;
  /** A number that no other session of the process has. */
  readonly id: number;
  /** The medium, such as `"websocket"`; `"other"` if nothing tells it. */
  readonly medium: string;
  /** The time of the start, in milliseconds by the clock of `performance.now()`. */
  readonly startedAt: number;
  /** The reason of the end, from `asyncStart` on. */
  readonly reason: unknown;
}

/** The attempts of a connection to open, in the channel `capnweb:connect`. */
export interface ConnectEvent {
  /** The connection, as `connect()` of `@capnweb/reconnect` returns it. */
  readonly connection: object;
  readonly startedAt: number;
  /** The outcome, from `asyncStart` on. */
  readonly outcome: "opened" | "resumed" | "restored" | "closed" | undefined;
  /** The reason why the connection was lost or closed. */
  readonly error: unknown;
}

/** A frame, in the channel `capnweb:message`. */
export interface MessageEvent {
  /** The session that sends or receives the frame. */
  readonly session: BaseSession<any>;
  readonly direction: "in" | "out";
  /** Text, bytes or a tree; see `onMessage` of `RpcSessionOptions`. Don't change or keep it. */
  readonly message: unknown;
  /** UTF-16 code units of text, bytes of binary frames. */
  readonly size: number;
}

/** A limit that a peer has exceeded, in the channel `capnweb:limit`. */
export interface LimitEvent {
  readonly error: LimitError;
  /** The name of the limit; `"_OTHER"` for one without a name. */
  readonly limit: string;
}
