import type { Http2SecureServer, ServerHttp2Session } from "node:http2";
import type { Socket } from "node:net";
import type { Admission } from "@capnweb/core/server";

/**
 * The TCP connections of an HTTP/2 server that have no session. Their peers may never finish a
 * handshake, ask for nothing, or linger after their session. The library looks after the others.
 */
export class Connections {
  readonly #idleTimeout: number;
  readonly #admission: Admission;
  readonly #sockets = new Set<Socket>();
  /** Timers of connections that don't speak HTTP/2 yet, by the peer's address and port. */
  readonly #timers = new Map<string, NodeJS.Timeout>();

  /**
   * @param idleTimeout milliseconds that a connection may be without a session
   * @param admission limits the number of connections
   */
  constructor(server: Http2SecureServer, idleTimeout: number, admission: Admission) {
    this.#idleTimeout = idleTimeout;
    this.#admission = admission;
    server.on("connection", (socket) => this.#connected(socket));
    server.on("session", (session) => this.#claimed(session));
    // Refuses WebSockets in place of WebTransport.
    server.removeAllListeners("upgrade");
    server.on("upgrade", (_request, socket) => socket.destroy());
  }

  /** Cuts every connection. */
  destroy(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #connected(socket: Socket): void {
    try {
      socket.once("close", this.#admission.enter(socket.remoteAddress));
    } catch {
      socket.destroy();
      return;
    }
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
      if (stream.destroyed) return;
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
