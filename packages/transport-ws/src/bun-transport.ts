import type { Transport, TransportReceiver } from "@capnweb/core";
import { closeReason, SESSION_ENDED } from "./close-reason.ts";
import { bufferedError, closedError, WebSocketClosedError } from "./errors.ts";
import { IdleWatch } from "./idle.ts";
import { type LimitReport, limitReport } from "./limit-report.ts";
import { SERVER_MAX_BUFFERED_AMOUNT } from "./server-options.ts";
import type { WebSocketOptions } from "./transport.ts";

/** The part of Bun's `ServerWebSocket` that a session needs. */
export interface BunServerWebSocket {
  /** The address of the client. */
  readonly remoteAddress?: string;
  /** Bytes sent; -1 if they wait for the network; 0 if the message was dropped. */
  send(data: string | Uint8Array): number;
  /** Closes the socket; Bun then calls the handler's `close`. */
  close(code?: number, reason?: string): void;
  /** Bytes that wait for the network. */
  getBufferedAmount?(): number;
  /** Cuts the connection. */
  terminate?(): void;
}

/**
 * A session's messages as frames of a WebSocket of Bun's server. Bun hands the events of all
 * sockets to one handler, which passes them on by the `dispatch…` methods.
 */
export class BunWebSocketTransport implements Transport {
  readonly isBinary = true;
  readonly #socket: BunServerWebSocket;
  readonly #maxBuffered: number;
  readonly #idle: IdleWatch | undefined;
  readonly #report: LimitReport;
  #receiver: TransportReceiver | undefined;
  /** Settles when the socket takes more. */
  #writable: Promise<void> | undefined;
  #drained: (() => void) | undefined;

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

  /** A message came. */
  dispatchMessage(data: string | Uint8Array): void {
    this.#idle?.used();
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
    this.#idle?.stop();
    this.#receiver?.close(error);
    this.dispatchDrain();
  }

  #giveUp(reason: Error): void {
    this.#report(reason);
    this.dispatchError(reason);
    // The peer reads, so it is told why.
    if (!this.#socket.getBufferedAmount?.()) this.abort(reason);
    else this.#cut(reason);
  }

  #cut(reason: Error): void {
    this.#idle?.stop();
    if (this.#socket.terminate) this.#socket.terminate();
    else this.#socket.close(SESSION_ENDED, closeReason(reason));
  }
}
