import type { RpcTransport } from "@capnweb/core";
import type { WebSocketLike } from "./socket.ts";
import { WebSocketPushTransport } from "./transport.ts";

/**
 * A WebSocket as a pull-style transport, as `capnweb` has it: for programs that wrap or extend that
 * class. {@link newWebSocketRpcSession} takes the socket itself, which saves a promise per message.
 *
 * @example
 * ```ts
 * const session = new RpcSession<Api>(new WebSocketTransport(socket));
 * ```
 */
export class WebSocketTransport implements RpcTransport {
  readonly #transport: WebSocketPushTransport;
  readonly #received: string[] = [];
  #waiting: { resolve(message: string): void; reject(reason: unknown): void } | undefined;
  #closed: { reason: unknown } | undefined;

  constructor(webSocket: WebSocketLike) {
    this.#transport = new WebSocketPushTransport(webSocket);
    this.#transport.start({
      receive: (message) => this.#receive(message as string),
      end: (reason) => this.#close(reason),
      close: (reason) => this.#close(reason),
    });
  }

  send(message: string): Promise<void> {
    if (this.#closed) return Promise.reject(this.#closed.reason);
    this.#transport.send(message);
    return Promise.resolve();
  }

  receive(): Promise<string> {
    const next = this.#received.shift();
    if (next !== undefined) return Promise.resolve(next);
    if (this.#closed) return Promise.reject(this.#closed.reason);
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  abort(reason: any): void {
    this.#transport.abort(reason);
    this.#close(reason);
  }

  #receive(message: string): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (!waiting) this.#received.push(message);
    else waiting.resolve(message);
  }

  #close(reason: unknown): void {
    this.#closed ??= { reason };
    this.#waiting?.reject(reason);
    this.#waiting = undefined;
  }
}
