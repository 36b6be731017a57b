import type { Http2SecureServer, ServerHttp2Session } from "node:http2";
import type { Socket } from "node:net";

/**
 * The TCP connections of an HTTP/2 server. The library looks after those that have a session; these are
 * the others: of peers that never finish a handshake, ask for nothing, or linger when they are done.
 */
export class Connections {
  readonly #idleTimeout: number;
  readonly #sockets = new Set<Socket>();
  /** Of connections that don't speak HTTP/2 yet, by the peer's address and port. */
  readonly #timers = new Map<string, NodeJS.Timeout>();

  /** @param idleTimeout milliseconds that a connection may be without a session */
  constructor(server: Http2SecureServer, idleTimeout: number, maxConnections: number) {
    this.#idleTimeout = idleTimeout;
    server.maxConnections = maxConnections;
    server.on("connection", (socket) => this.#connected(socket));
    server.on("session", (session) => this.#claimed(session));
    // No WebSockets in place of WebTransport. (Requests of HTTP/1.1 are left to the timeout: a listener
    // for them would have Node refuse CONNECT.)
    server.removeAllListeners("upgrade");
    server.on("upgrade", (_request, socket) => socket.destroy());
  }

  /** Cuts every connection. */
  destroy(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #connected(socket: Socket): void {
    const key = addressOf(socket);
    const timer = setTimeout(() => socket.destroy(), this.#idleTimeout);
    this.#sockets.add(socket);
    this.#timers.set(key, timer);
    socket.once("close", () => {
      clearTimeout(timer);
      this.#sockets.delete(socket);
      if (this.#timers.get(key) === timer) this.#timers.delete(key);
    });
  }

  #claimed(session: ServerHttp2Session): void {
    clearTimeout(this.#timers.get(addressOf(session.socket)));
    let streams = 0;
    let timer: NodeJS.Timeout | undefined;
    const wait = () => {
      timer = setTimeout(() => session.destroy(), this.#idleTimeout);
    };
    session.on("stream", (stream) => {
      clearTimeout(timer);
      streams++;
      stream.once("close", () => {
        if (--streams === 0 && !session.destroyed) wait();
      });
    });
    session.once("close", () => clearTimeout(timer));
    wait();
  }
}

function addressOf({ remoteAddress, remotePort }: Pick<Socket, "remoteAddress" | "remotePort">) {
  return `${remoteAddress} ${remotePort}`;
}
