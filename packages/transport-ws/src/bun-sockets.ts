import {
  type Admitted,
  type Leave,
  type Refusal,
  refuseSession,
  reportError,
} from "@capnweb/core/server";
import { type BunServerWebSocket, BunWebSocketTransport } from "./bun-transport.ts";
import { closeFor } from "./close-for.ts";
import { longestSilence } from "./keep-alive.ts";
import { maxPayloadOf } from "./server-options.ts";
import type { WebSocketSessionOptions } from "./session.ts";

/** Bounds on the messages of Bun's server. */
export interface PayloadOptions {
  /**
   * Longest message accepted, in bytes. Default: three times `limits.maxFrameSize`, because a
   * UTF-16 code unit takes at most 3 bytes of UTF-8.
   */
  maxPayload?: number | undefined;
}

/** The value of `websocket` in the options of `Bun.serve`. */
export interface BunWebSocketHandler<W extends BunServerWebSocket = BunServerWebSocket> {
  /** Starts the session. */
  open(ws: W): void;
  /** Hands the session a message, as text or as bytes. */
  message(ws: W, message: string | Uint8Array): void;
  /** Lets streams that held back go on. */
  drain(ws: W): void;
  /** Ends the session. Pending calls fail with a `WebSocketClosedError`. */
  close(ws: W, code: number, reason: string): void;
  /** Ends the session. Pending calls fail with `error`. Bun closes the connection after it. */
  error(error: Error, ws: W): void;
  // Settings of Bun itself, which follow from the options.
  /** The longest message, in bytes. */
  readonly maxPayloadLength: number;
  /**
   * Bytes waiting to be sent above which Bun closes the connection, if `closeOnBackpressureLimit`.
   */
  readonly backpressureLimit: number;
  /** True if Bun closes a connection above `backpressureLimit`, or drops its messages. */
  readonly closeOnBackpressureLimit: boolean;
  /** Seconds; 0 for no limit. */
  readonly idleTimeout: number;
  /** True if Bun sends pings. */
  readonly sendPings: boolean;
}

/** The events of WebSockets that Bun tells a server's handler. */
export interface BunWebSocketEvents {
  open?(ws: any): unknown;
  message?(ws: any, message: any): unknown;
  drain?(ws: any): unknown;
  close?(ws: any, code: number, reason: string): unknown;
  error?(error: Error, ws: any): unknown;
}

/** The longest `idleTimeout` that Bun takes, in seconds. */
const LONGEST_IDLE_TIMEOUT = 960;

/** A request that may have a WebSocket, until Bun has opened it: the value of `ws.data`. */
export class Ticket {
  readonly decided: Refusal | Admitted;
  readonly leave: Leave;

  constructor(decided: Refusal | Admitted, leave: Leave) {
    this.decided = decided;
    this.leave = leave;
  }
}

interface Connection {
  readonly transport: BunWebSocketTransport;
  readonly leave: Leave;
}

/**
 * Makes the handler of all sockets of a server.
 *
 * @param options with the defaults of servers filled in
 * @param ticketOf the decision on a socket that Bun has opened; `undefined` for a foreign one
 * @param others receives the events of foreign sockets. Without it, they are closed
 */
export function handlerOf<W extends BunServerWebSocket>(
  options: WebSocketSessionOptions & PayloadOptions,
  ticketOf: (ws: W) => Ticket | undefined,
  others?: BunWebSocketEvents,
): BunWebSocketHandler<W> {
  const connections = new WeakMap<W, Connection>();
  return {
    maxPayloadLength: options.maxPayload ?? maxPayloadOf(options.limits),
    backpressureLimit: options.maxBufferedAmount!,
    closeOnBackpressureLimit: true,
    ...keepAliveOf(options),
    open(ws) {
      const ticket = ticketOf(ws);
      if (!ticket && others) {
        others.open?.(ws);
        return;
      }
      if (!ticket) {
        const message = "A WebSocket wasn't accepted by the handler's upgrade().";
        reportError(new TypeError(message), options.onError);
        ws.close(1011, "The server failed to start the session.");
        return;
      }
      const { decided, leave } = ticket;
      const transport = new BunWebSocketTransport(ws, options);
      connections.set(ws, { transport, leave });
      if (decided.status === undefined) decided.serve(transport, options, closeFor(ws));
      else refuseSession(transport, decided, options);
    },
    message(ws, message) {
      const connection = connections.get(ws);
      if (connection) connection.transport.dispatchMessage(message);
      else others?.message?.(ws, message);
    },
    drain(ws) {
      const connection = connections.get(ws);
      if (connection) connection.transport.dispatchDrain();
      else others?.drain?.(ws);
    },
    close(ws, code, reason) {
      const connection = connections.get(ws);
      if (!connection) {
        others?.close?.(ws, code, reason);
        return;
      }
      connection.leave();
      connection.transport.dispatchClose(code, reason);
    },
    error(error, ws) {
      const connection = connections.get(ws);
      if (connection) connection.transport.dispatchError(error);
      else others?.error?.(error, ws);
    },
  };
}

/**
 * Translates the option for Bun, which sends pings by itself, and closes a connection that is
 * silent for `idleTimeout`. Bun chooses the moment of the ping.
 */
function keepAliveOf({ keepAlive }: WebSocketSessionOptions) {
  if (!keepAlive) return { idleTimeout: 0, sendPings: false };
  const seconds = Math.ceil(longestSilence(keepAlive) / 1_000);
  return { idleTimeout: Math.min(seconds, LONGEST_IDLE_TIMEOUT), sendPings: true };
}
