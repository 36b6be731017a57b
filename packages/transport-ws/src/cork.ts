import type { WebSocketLike } from "./socket.ts";

/** The TCP socket under a socket of the `ws` package, which has no public name for it. */
interface WithTcpSocket {
  readonly _socket?: { cork?(): void; uncork?(): void } | null;
}

/**
 * Holds back what is written to a `ws` socket, so that the frames of a turn leave in one write rather
 * than in one each. For other sockets does nothing: those of browsers and runtimes see to it
 * themselves.
 *
 * @returns what lets go
 */
export function cork(socket: WebSocketLike): () => void {
  const tcp = (socket as WithTcpSocket)._socket;
  tcp?.cork?.();
  return () => tcp?.uncork?.();
}
