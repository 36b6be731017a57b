import { type RpcCompatible, type RpcStub, startSession } from "@capnweb/core";
import {
  Admission,
  type AdmissionOptions,
  type Leave,
  networkOf,
  RefusalLog,
  type ServeSessionOptions,
  serveSession,
} from "@capnweb/core/server";
import { type BunServerWebSocket, BunWebSocketTransport } from "./bun-transport.ts";
import type { Served } from "./served.ts";
import { maxPayloadOf, withServerDefaults } from "./server-options.ts";
import type { WebSocketSessionOptions } from "./session.ts";

/** Options of {@link newBunWebSocketRpcHandler}. */
export interface BunWebSocketOptions extends WebSocketSessionOptions, AdmissionOptions {
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
  /** Ends the session. Pending calls fail with `error`. */
  error(ws: W, error: Error): void;
  // Settings of Bun itself, which follow from the options.
  /** The longest message, in bytes. */
  readonly maxPayloadLength: number;
  /**
   * Bytes waiting to be sent above which Bun closes the connection, if `closeOnBackpressureLimit`.
   */
  readonly backpressureLimit: number;
  /** Whether Bun closes a connection above `backpressureLimit`, or drops its messages. */
  readonly closeOnBackpressureLimit: boolean;
  /** Seconds; 0 for no limit. */
  readonly idleTimeout: number;
  /** Whether Bun sends pings. */
  readonly sendPings: boolean;
}

/** The longest `idleTimeout` that Bun takes, in seconds. */
const LONGEST_IDLE_TIMEOUT = 960;
const DEFAULT_KEEP_ALIVE_TIMEOUT = 60_000;

interface Connection {
  readonly transport: BunWebSocketTransport;
  readonly leave: Leave;
}

/**
 * Makes a handler with which `Bun.serve` runs a session on every WebSocket that it accepts. Accept
 * WebSockets with {@link upgradeBunWebSocketRpc}, which checks their origins: the handler can't see
 * them.
 *
 * @param createMain makes the main object of a connection, or a promise of it; the session owns
 *   it. Its errors go to `options.onError`, and the connection is closed with 1011
 * @param options default to the limits of the profile `"server"`
 *
 * @example
 * ```ts
 * Bun.serve({
 *   fetch: (request, server) => upgradeBunWebSocketRpc(request, server),
 *   websocket: newBunWebSocketRpcHandler(() => new Api()),
 * });
 * ```
 */
export function newBunWebSocketRpcHandler<
  W extends BunServerWebSocket,
  T extends RpcCompatible<T> = undefined,
>(
  createMain: (ws: W, served: Served<T>) => unknown,
  options: BunWebSocketOptions = {},
): BunWebSocketHandler<W> {
  const own = withServerDefaults(options);
  const admission = new Admission(options);
  const refusals = new RefusalLog(options.onError);
  const connections = new WeakMap<W, Connection>();
  return {
    maxPayloadLength: options.maxPayload ?? maxPayloadOf(own.limits),
    backpressureLimit: own.maxBufferedAmount!,
    closeOnBackpressureLimit: true,
    ...keepAliveOf(own),
    open(ws) {
      try {
        const leave = admission.enter(ws.remoteAddress);
        const transport = new BunWebSocketTransport(ws, own);
        connections.set(ws, { transport, leave });
        serve(ws, transport, createMain, own);
      } catch (error) {
        refusals.report(error as Error);
        ws.close(1013, (error as Error).message);
      }
    },
    message(ws, message) {
      connections.get(ws)?.transport.dispatchMessage(message);
    },
    drain(ws) {
      connections.get(ws)?.transport.dispatchDrain();
    },
    close(ws, code, reason) {
      const connection = connections.get(ws);
      connection?.leave();
      connection?.transport.dispatchClose(code, reason);
    },
    error(ws, error) {
      connections.get(ws)?.transport.dispatchError(error);
    },
  };
}

function serve<W extends BunServerWebSocket, T extends RpcCompatible<T>>(
  ws: W,
  transport: BunWebSocketTransport,
  createMain: (ws: W, served: Served<T>) => unknown,
  options: BunWebSocketOptions & ServeSessionOptions,
): void {
  serveSession<T>(
    transport,
    (session) =>
      createMain(ws, {
        session,
        get client() {
          return session.getRemoteMain();
        },
      }),
    {
      ...options,
      mainTimeout: options.openTimeout ?? 30_000,
      network: networkOf(ws.remoteAddress),
    },
    (reason) => ws.close(1011, reason),
  );
}

/**
 * Translates the option for Bun, which sends pings by itself, and closes a connection that is
 * silent for `idleTimeout`.
 */
function keepAliveOf({ keepAlive }: WebSocketSessionOptions) {
  if (!keepAlive) return { idleTimeout: 0, sendPings: false };
  const seconds = Math.ceil((keepAlive.timeout ?? DEFAULT_KEEP_ALIVE_TIMEOUT) / 1_000);
  return { idleTimeout: Math.min(seconds, LONGEST_IDLE_TIMEOUT), sendPings: true };
}

/**
 * Starts a session on a WebSocket that `Bun.serve` accepted, for handlers of your own.
 *
 * @param ws the socket that the handler's `open` received; the session owns it
 * @param localMain the client's main object; the session owns it
 * @param options default to the limits of the profile `"server"`
 * @returns `stub`, the stub of the client's main object, which ends the session when disposed of;
 *   and `transport`, to which your handler passes the socket's events
 *
 * @example
 * ```ts
 * const websocket = {
 *   open(ws) {
 *     ws.data = newBunWebSocketRpcSession<Client>(ws, new Api());
 *   },
 *   message: (ws, message) => ws.data.transport.dispatchMessage(message),
 *   drain: (ws) => ws.data.transport.dispatchDrain(),
 *   close: (ws, code, reason) => ws.data.transport.dispatchClose(code, reason),
 * };
 * ```
 */
export function newBunWebSocketRpcSession<T extends RpcCompatible<T> = undefined>(
  ws: BunServerWebSocket,
  localMain?: unknown,
  options: WebSocketSessionOptions = {},
): { stub: RpcStub<T>; transport: BunWebSocketTransport } {
  const own = withServerDefaults(options);
  const transport = new BunWebSocketTransport(ws, own);
  return { stub: startSession<T>(transport, localMain, own), transport };
}
