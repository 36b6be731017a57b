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
  #closed: { reason: unknown } | undefined;
  /** Has who waits look again. */
  #wake: (() => void) | undefined;

  constructor(webSocket: WebSocketLike) {
    const close = (reason: unknown) => this.#close(reason);
    this.#transport = new WebSocketPushTransport(webSocket);
    this.#transport.start({
      receive: (message) => {
        this.#received.push(message as string);
        this.#wake?.();
      },
      end: close,
      close,
    });
  }

  async send(message: string): Promise<void> {
    if (this.#closed) throw this.#closed.reason;
    this.#transport.send(message);
  }

  async receive(): Promise<string> {
    while (this.#received.length === 0) {
      if (this.#closed) throw this.#closed.reason;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#received.shift()!;
  }

  abort(reason: any): void {
    this.#transport.abort(reason);
    this.#close(reason);
  }

  #close(reason: unknown): void {
    this.#closed ??= { reason };
    this.#wake?.();
  }
}
