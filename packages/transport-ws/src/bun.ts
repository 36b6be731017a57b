import {
  type RpcSessionOptions,
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
  /** Hands the session a message; a binary one ends it. */
  message(ws: W, message: string | Uint8Array): void;
  /** Lets streams go on that held back. */
  drain(ws: W): void;
  /** Ends the session: what is pending fails with a `WebSocketClosedError`. */
  close(ws: W, code: number, reason: string): void;
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
  const transports = new WeakMap<W, BunTransport>();
  return {
    open(ws) {
      const transport = new BunTransport(ws);
      transports.set(ws, transport);
      startSession(transport, createMain(ws), options);
    },
    message(ws, message) {
      transports.get(ws)?.receiver.receive(message);
    },
    drain(ws) {
      transports.get(ws)?.drained();
    },
    close(ws, code, reason) {
      transports.get(ws)?.receiver.close(closedError(code, reason));
      transports.get(ws)?.drained();
    },
  };
}

class BunTransport implements Transport {
  readonly isBinary = true;
  receiver!: TransportReceiver;
  readonly #socket: BunServerWebSocket;
  #writable: { promise: Promise<void>; resolve(): void } | undefined;

  constructor(socket: BunServerWebSocket) {
    this.#socket = socket;
  }

  start(receiver: TransportReceiver): void {
    this.receiver = receiver;
  }

  send(message: string | Uint8Array): void {
    const sent = this.#socket.send(message);
    if (sent === 0)
      throw new WebSocketClosedError("The WebSocket is closed or its buffer full.", 1006);
    if (sent < 0 && this.#writable === undefined) {
      let resolve!: () => void;
      const promise = new Promise<void>((settle) => {
        resolve = settle;
      });
      this.#writable = { promise, resolve };
    }
  }

  whenWritable(): Promise<void> | undefined {
    return this.#writable?.promise;
  }

  drained(): void {
    this.#writable?.resolve();
    this.#writable = undefined;
  }

  abort(reason: unknown): void {
    this.#socket.close(SESSION_ENDED, closeReason(reason));
  }
}
