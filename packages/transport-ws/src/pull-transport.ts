import { WebSocketPushTransport } from "./push-transport.ts";
import type { WebSocketLike } from "./socket.ts";

/**
 * Offers a WebSocket as a pull-style transport, as `capnweb` does, for programs that wrap or extend
 * its class. For new programs, pass the socket to {@link newWebSocketRpcSession}, which saves a
 * promise per message.
 *
 * @typeParam T the frames that both sides send: `string`, which a session needs, or `ArrayBuffer`
 *   for a transport with an encoding of its own. The class doesn't check the peer's frames
 *
 * @example
 * ```ts
 * const session = new RpcSession<Api>(new WebSocketTransport(socket));
 * ```
 */
export class WebSocketTransport<T extends string | ArrayBuffer = string> {
  readonly #transport: WebSocketPushTransport;
  readonly #received: T[] = [];
  #closed: { reason: unknown } | undefined;
  /** Makes a pending `receive()` look again. */
  #wake: (() => void) | undefined;

  /** @param socket a socket, open or still connecting; the transport owns it */
  constructor(webSocket: WebSocketLike) {
    // The transport may hand in a function that makes the error.
    const close = (reason: unknown) =>
      this.#close(typeof reason === "function" ? reason() : reason);
    this.#transport = new WebSocketPushTransport(webSocket);
    this.#transport.start({
      receive: (message) => {
        this.#received.push(frameOf(message) as T);
        this.#wake?.();
      },
      end: close,
      close,
    });
  }

  /** Sends a frame, once the socket is open. */
  async send(message: T): Promise<void> {
    if (this.#closed) throw this.#closed.reason;
    this.#transport.send(typeof message === "string" ? message : new Uint8Array(message));
  }

  /** Returns the next frame. Rejects when the socket is closed. */
  async receive(): Promise<T> {
    while (this.#received.length === 0) {
      if (this.#closed) throw this.#closed.reason;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#received.shift()!;
  }

  /** Closes the socket, with the reason's message. */
  abort(reason: any): void {
    this.#transport.abort(reason);
    this.#close(reason);
  }

  #close(reason: unknown): void {
    this.#closed ??= { reason };
    this.#wake?.();
  }
}

/**
 * The frame itself, as text or as a buffer of its own. Some WebSockets deliver binary frames inside
 * a larger buffer.
 */
function frameOf(message: unknown): unknown {
  if (!(message instanceof Uint8Array)) return message;
  const { buffer, byteOffset, byteLength } = message;
  if (byteLength === buffer.byteLength) return buffer;
  return buffer.slice(byteOffset, byteOffset + byteLength);
}
