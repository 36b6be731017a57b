import type { WebSocketLike } from "./socket.ts";

/** The TCP socket under a socket of the `ws` package, which has no public name for it. */
interface WithTcpSocket {
  readonly _socket?: { cork?(): void; uncork?(): void } | null;
}

/**
 * Holds back what is written to a `ws` socket until it is pulled, so that the frames of a turn leave
 * in one write rather than in one each. For other sockets does nothing: those of browsers and
 * runtimes see to it themselves.
 */
export class Cork {
  readonly #socket: WithTcpSocket;
  #corked: WithTcpSocket["_socket"];

  constructor(socket: WebSocketLike) {
    this.#socket = socket as WithTcpSocket;
  }

  put(): void {
    if (this.#corked) return;
    const socket = this.#socket._socket;
    if (!socket?.cork) return;
    socket.cork();
    this.#corked = socket;
  }

  pull(): void {
    this.#corked?.uncork?.();
    this.#corked = undefined;
  }
}
