import { type Transport, type TransportReceiver, wrapTransport } from "@capnweb/core";
import { NoWebSocketError, WebSocketUrlError } from "./errors.ts";
import {
  type SocketFailure,
  type WebSocketOptions,
  WebSocketPushTransport,
} from "./push-transport.ts";
import type { WebSocketLike } from "./socket.ts";

/** Options of {@link webSocketTransport}. */
export interface WebSocketTransportOptions extends WebSocketOptions {
  /** Gives the attempt up when it aborts. Afterwards, it has no effect on the connection. */
  signal?: AbortSignal | undefined;
  /** The subprotocols to offer to the server. Default: none. */
  protocols?: string | readonly string[] | undefined;
}

/**
 * Opens a WebSocket, for a session that you start yourself, or that `@capnweb/reconnect` starts.
 *
 * @param url a URL of `ws:` or `wss:`
 * @returns the transport, once the socket is open. The session that gets it owns it. Messages that
 *   arrive before that wait
 * @throws WebSocketUrlError for text that isn't the URL of a WebSocket
 * @throws NoWebSocketError where the runtime has no `WebSocket`. In Node 20, use the entry
 *   `@capnweb/transport-ws/node`
 * @throws WebSocketClosedError if the socket can't be opened, or not in time
 * @throws the signal's reason, if it aborts before the socket is open
 *
 * @example
 * ```ts
 * const connection = connect<Api>({
 *   open: ({ signal }) => webSocketTransport("wss://example.com/api", { signal }),
 * });
 * ```
 */
export async function webSocketTransport(
  url: string | URL,
  options: WebSocketTransportOptions = {},
): Promise<Transport> {
  options.signal?.throwIfAborted();
  return opened(connectTo(url, options.protocols), options);
}

/** Opens a URL with the runtime's `WebSocket`. */
export function connectTo(
  url: string | URL,
  protocols?: string | readonly string[] | undefined,
): WebSocketLike {
  if (typeof WebSocket !== "function") throw new NoWebSocketError();
  try {
    return new WebSocket(url, protocols as string[] | undefined);
  } catch (error) {
    throw new WebSocketUrlError(url, error);
  }
}

/** The transport of a socket, once that is open. */
export function opened(
  socket: WebSocketLike,
  options: WebSocketTransportOptions,
  failureOf?: SocketFailure,
): Promise<Transport> {
  const { signal } = options;
  const inner = new WebSocketPushTransport(socket, options, failureOf);
  const early = new EarlyReceiver();
  return new Promise<Transport>((resolve, reject) => {
    const give = (error: unknown) => {
      signal?.removeEventListener("abort", abort);
      reject(error);
    };
    const abort = () => {
      give(signal!.reason);
      inner.abort(signal!.reason);
    };
    early.onClose = give;
    signal?.addEventListener("abort", abort, { once: true });
    inner.start(early);
    // The sender announces the end of each turn, the first included.
    inner.flush();
    socket.addEventListener("open", () => {
      signal?.removeEventListener("abort", abort);
      early.onClose = undefined;
      resolve(wrapTransport(inner, { start: (receiver) => early.handOver(receiver) }));
    });
  });
}

/** Keeps the frames that arrive before there is a session. */
class EarlyReceiver implements TransportReceiver {
  /** Called with the reason if the socket closes before it was open. */
  onClose: ((reason: unknown) => void) | undefined;
  #events: ((receiver: TransportReceiver) => void)[] = [];
  #receiver: TransportReceiver | undefined;

  receive(message: unknown): void {
    this.#tell((receiver) => receiver.receive(message));
  }

  end(reason: unknown): void {
    this.#tell((receiver) => receiver.end(reason));
  }

  close(reason: unknown): void {
    if (this.onClose) this.onClose(typeof reason === "function" ? reason() : reason);
    else this.#tell((receiver) => receiver.close(reason));
  }

  #tell(event: (receiver: TransportReceiver) => void): void {
    if (this.#receiver) event(this.#receiver);
    else this.#events.push(event);
  }

  handOver(receiver: TransportReceiver): void {
    this.#receiver = receiver;
    for (const event of this.#events.splice(0)) event(receiver);
  }
}
