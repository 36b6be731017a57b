import type { Transport, TransportReceiver } from "@capnweb/core";
import { closeReason, SESSION_ENDED } from "./close-reason.ts";
import { bufferedError, closedError, WebSocketClosedError } from "./errors.ts";
import { IdleWatch } from "./idle.ts";
import { type LimitReport, limitReport } from "./limit-report.ts";
import type { WebSocketOptions } from "./push-transport.ts";
import { SERVER_MAX_BUFFERED_AMOUNT } from "./server-options.ts";

/** The part of Bun's `ServerWebSocket` that a session needs. */
export interface BunServerWebSocket {
  /** The client's address. */
  readonly remoteAddress?: string;
  /** The value that the request for the socket was accepted with. */
  readonly data?: unknown;
  /** Returns the bytes sent; -1 if they wait for the network; 0 if the message was dropped. */
  send(data: string | Uint8Array): number;
  /** Closes the socket; Bun then calls the handler's `close`. */
  close(code?: number, reason?: string): void;
  /** Returns the bytes that wait for the network. */
  getBufferedAmount?(): number;
  /** Cuts the connection without a closing handshake. */
  terminate?(): void;
}

/**
 * Carries a session's messages as frames of a WebSocket of Bun's server. Bun hands the events of
 * all sockets to one handler, which passes them on through the `dispatch…` methods. Owns the
 * socket, and closes it with code 3000 when the session ends.
 *
 * @example
 * ```ts
 * const transport = new BunWebSocketTransport(ws);
 * const session = new RpcSession<Client>(transport, new Api());
 * // In the handler of Bun.serve:
 * transport.dispatchMessage(message);
 * ```
 */
export class BunWebSocketTransport implements Transport {
  readonly isBinary = true;
  readonly #socket: BunServerWebSocket;
  readonly #maxBuffered: number;
  readonly #idle: IdleWatch | undefined;
  readonly #report: LimitReport;
  #receiver: TransportReceiver | undefined;
  /** Settles when the socket can take more. */
  #writable: Promise<void> | undefined;
  #drained: (() => void) | undefined;

  /**
   * @param socket the socket that the handler's `open` received; the transport owns it
   * @param options bounds and times for the peer
   */
  constructor(
    socket: BunServerWebSocket,
    options: Pick<
      WebSocketOptions,
      "maxBufferedAmount" | "idleTimeout" | "onLimit" | "onError"
    > = {},
  ) {
    this.#report = limitReport(options);
    this.#socket = socket;
    this.#maxBuffered = options.maxBufferedAmount ?? SERVER_MAX_BUFFERED_AMOUNT;
    if (options.idleTimeout !== undefined) {
      this.#idle = new IdleWatch(options.idleTimeout, (reason) => this.#giveUp(reason));
    }
  }

  start(receiver: TransportReceiver): void {
    this.#receiver = receiver;
    this.#idle?.start();
  }

  send(message: string | Uint8Array): void {
    this.#idle?.used();
    const sent = this.#socket.send(message);
    if (sent > 0) return;
    if (sent === 0) {
      const error = new WebSocketClosedError("The WebSocket is closed or its buffer full.", 1006);
      this.#cut(error);
      throw error;
    }
    const own = typeof message === "string" ? 3 * message.length : message.length;
    const buffered = (this.#socket.getBufferedAmount?.() ?? 0) - own;
    if (buffered > this.#maxBuffered) {
      const error = bufferedError(buffered);
      this.#report(error);
      this.#cut(error);
      throw error;
    }
    this.#writable ??= new Promise((resolve) => {
      this.#drained = resolve;
    });
  }

  whenWritable(): Promise<void> | undefined {
    return this.#writable;
  }

  abort(reason: unknown): void {
    this.#idle?.stop();
    this.#socket.close(SESSION_ENDED, closeReason(reason));
  }

  /** Passes on a message that arrived. */
  dispatchMessage(data: string | Uint8Array): void {
    this.#idle?.used();
    this.#receiver?.receive(data);
  }

  /** Passes on that the socket can take more: streams that held back go on. */
  dispatchDrain(): void {
    this.#drained?.();
    this.#writable = undefined;
  }

  /** Passes on that the socket was closed. Pending calls fail with a `WebSocketClosedError`. */
  dispatchClose(code: number, reason: string): void {
    this.dispatchError(closedError(code, reason));
  }

  /** Passes on that the socket failed. Pending calls fail with `error`. */
  dispatchError(error: Error): void {
    this.#idle?.stop();
    this.#receiver?.close(error);
    this.dispatchDrain();
  }

  #giveUp(reason: Error): void {
    this.#report(reason);
    this.dispatchError(reason);
    // A peer that reads gets the reason in a close frame.
    if (!this.#socket.getBufferedAmount?.()) this.abort(reason);
    else this.#cut(reason);
  }

  #cut(reason: Error): void {
    this.#idle?.stop();
    if (this.#socket.terminate) this.#socket.terminate();
    else this.#socket.close(SESSION_ENDED, closeReason(reason));
  }
}
