import {
  type RpcCompatible,
  type RpcSessionOptions,
  type RpcStub,
  startSession,
  type Transport,
  type TransportReceiver,
} from "@capnweb/core";
import { closeReason, SESSION_ENDED } from "./close-reason.ts";
import { closedError, WebSocketClosedError } from "./errors.ts";

/** As much of Bun's `ServerWebSocket` as a session needs. */
export interface BunServerWebSocket {
  /** Bytes sent; -1 if they wait for the network; 0 if the message was dropped. */
  send(data: string | Uint8Array): number;
  /** Closes the socket; Bun then calls the handler's `close`. */
  close(code?: number, reason?: string): void;
}

/** The value of `websocket` in the options of `Bun.serve`. */
export interface BunWebSocketHandler<W extends BunServerWebSocket = BunServerWebSocket> {
  /** Starts the session. */
  open(ws: W): void;
  /** Hands the session a message, or the bytes of one. */
  message(ws: W, message: string | Uint8Array): void;
  /** Lets streams go on that held back. */
  drain(ws: W): void;
  /** Ends the session: what is pending fails with a `WebSocketClosedError`. */
  close(ws: W, code: number, reason: string): void;
  /** Ends the session: what is pending fails with `error`. */
  error(ws: W, error: Error): void;
}

/**
 * Makes a handler with which `Bun.serve` runs a session on every WebSocket it accepts.
 *
 * @param createMain makes the main object of a connection; its session owns it
 *
 * @example
 * ```ts
 * Bun.serve({
 *   fetch: (request, server) => (server.upgrade(request) ? undefined : new Response(null, { status: 426 })),
 *   websocket: newBunWebSocketRpcHandler(() => new Api()),
 * });
 * ```
 */
export function newBunWebSocketRpcHandler<W extends BunServerWebSocket>(
  createMain: (ws: W) => unknown,
  options?: RpcSessionOptions,
): BunWebSocketHandler<W> {
  const transports = new WeakMap<W, BunWebSocketTransport>();
  return {
    open(ws) {
      transports.set(ws, newBunWebSocketRpcSession(ws, createMain(ws), options).transport);
    },
    message(ws, message) {
      transports.get(ws)?.dispatchMessage(message);
    },
    drain(ws) {
      transports.get(ws)?.dispatchDrain();
    },
    close(ws, code, reason) {
      transports.get(ws)?.dispatchClose(code, reason);
    },
    error(ws, error) {
      transports.get(ws)?.dispatchError(error);
    },
  };
}

/**
 * Starts a session on a WebSocket that `Bun.serve` accepted, for handlers of your own, which need the
 * client's stub say.
 *
 * @param ws the socket that the handler's `open` got; the session owns it
 * @param localMain what the client gets as its main stub; the session owns it
 * @returns `stub`, that of the client's main object: disposing of it ends the session; and `transport`,
 *   to which the handler passes on what it hears
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
  options?: RpcSessionOptions,
): { stub: RpcStub<T>; transport: BunWebSocketTransport } {
  const transport = new BunWebSocketTransport(ws);
  return { stub: startSession<T>(transport, localMain, options), transport };
}

/**
 * A session's messages as frames of a WebSocket of Bun's server, whose events go to handlers of the
 * server: what these hear, they pass on by the `dispatch…` methods.
 */
export class BunWebSocketTransport implements Transport {
  readonly isBinary = true;
  readonly #socket: BunServerWebSocket;
  #receiver: TransportReceiver | undefined;
  /** Settles when the socket takes more. */
  #writable: Promise<void> | undefined;
  #drained: (() => void) | undefined;

  constructor(socket: BunServerWebSocket) {
    this.#socket = socket;
  }

  start(receiver: TransportReceiver): void {
    this.#receiver = receiver;
  }

  send(message: string | Uint8Array): void {
    const sent = this.#socket.send(message);
    if (sent === 0)
      throw new WebSocketClosedError("The WebSocket is closed or its buffer full.", 1006);
    if (sent < 0) {
      this.#writable ??= new Promise((resolve) => {
        this.#drained = resolve;
      });
    }
  }

  whenWritable(): Promise<void> | undefined {
    return this.#writable;
  }

  abort(reason: unknown): void {
    this.#socket.close(SESSION_ENDED, closeReason(reason));
  }

  /** A message came. */
  dispatchMessage(data: string | Uint8Array): void {
    this.#receiver?.receive(data);
  }

  /** The socket takes more: streams go on that held back. */
  dispatchDrain(): void {
    this.#drained?.();
    this.#writable = undefined;
  }

  /** The socket was closed: what is pending fails with a `WebSocketClosedError`. */
  dispatchClose(code: number, reason: string): void {
    this.dispatchError(closedError(code, reason));
  }

  /** The socket failed: what is pending fails with `error`. */
  dispatchError(error: Error): void {
    this.#receiver?.close(error);
    this.dispatchDrain();
  }
}
