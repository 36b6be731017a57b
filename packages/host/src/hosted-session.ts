import type { RpcCompatible, RpcStub } from "@capnweb/core";
import type { SessionLoad } from "@capnweb/core/server";

/**
 * The state of a hosted session:
 *
 * - `opening`: accepted; its connection or its main object isn't there yet
 * - `open`
 * - `detached`: without a connection, until its client comes back
 * - `draining`: open, and its client has been asked to leave
 * - `closed`
 */
export type HostedState = "opening" | "open" | "detached" | "draining" | "closed";

/** The frames and bytes of one direction. */
export interface Traffic {
  /** The frames, each of which carries one or more messages, or bytes. */
  readonly frames: number;
  /** The bytes of binary frames, and the UTF-16 code units of text. */
  readonly bytes: number;
}

/** The statistics of a session at one moment. */
export interface SessionStatistics extends SessionLoad {
  /** The traffic from the client; zero if the host doesn't count it. */
  readonly received: Traffic;
  /** The traffic to the client; zero if the host doesn't count it. */
  readonly sent: Traffic;
}

/**
 * A session of a host, for operators.
 *
 * @typeParam T the client's main object
 *
 * @example
 * ```ts
 * for (const { id, identity, address, statistics } of host.sessions) {
 *   console.log(id, identity, address, statistics.calls);
 * }
 * ```
 */
export interface HostedSession<T extends RpcCompatible<T> = any> {
  /** A number that no other session of the host has. */
  readonly id: number;
  readonly state: HostedState;
  /** The medium, such as `"websocket"`, or `"http"` for a batch. */
  readonly medium: string;
  /** The client's address, if it is known. */
  readonly address: string | undefined;
  /** The name that `authorize` gave the client. */
  readonly identity: string | undefined;
  /** The context that `authorize` gave. */
  readonly context: unknown;
  /** The time at which the request was accepted. */
  readonly openedAt: Date;
  /** The session's statistics as of now. */
  readonly statistics: SessionStatistics;
  /**
   * The stub of the client's main object, the same each time. Disposing of it ends the session.
   * `undefined` before the session has started.
   */
  readonly client: RpcStub<T> | undefined;
  /**
   * Closes the session's connection. The client's pending calls fail.
   *
   * @param reason text for the client
   */
  close(reason?: string): void;
}
