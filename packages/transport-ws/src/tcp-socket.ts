import type { WebSocketLike } from "./socket.ts";

/** The TCP socket under a socket of the `ws` package, which has no public name for it. */
interface WithTcpSocket {
  readonly _socket?: {
    readonly bytesRead?: number;
    readonly _handle?: { readonly writeQueueSize?: number; readonly bytesWritten?: number } | null;
    cork?(): void;
    uncork?(): void;
    on?(event: "drain" | "close", listener: () => void): void;
    off?(event: "drain" | "close", listener: () => void): void;
  } | null;
}

/**
 * Holds back the data written to a `ws` socket, so that the frames of a turn leave in one write,
 * not in one each. Does nothing for other sockets: browsers and runtimes gather frames themselves.
 *
 * @returns a function that releases the data
 */
export function cork(socket: WebSocketLike): () => void {
  const tcp = (socket as WithTcpSocket)._socket;
  tcp?.cork?.();
  return () => tcp?.uncork?.();
}

/**
 * Resolves when there may be room in a socket's send buffer. For sockets of `ws` this is the moment
 * when the buffer has drained; others are checked at intervals.
 */
export function mayHaveDrained(socket: WebSocketLike): Promise<void> {
  // Milliseconds between checks of a send buffer that has no event for having drained.
  const POLL_INTERVAL = 10;
  const tcp = (socket as WithTcpSocket)._socket;
  return new Promise((resolve) => {
    if (!tcp?.on) {
      setTimeout(resolve, POLL_INTERVAL);
      return;
    }
    const done = () => {
      tcp.off?.("drain", done);
      tcp.off?.("close", done);
      resolve();
    };
    tcp.on("drain", done);
    tcp.on("close", done);
  });
}

/** The bytes received so far, those of incomplete frames included; `undefined` if unknown. */
export function receivedBytes(socket: WebSocketLike): number | undefined {
  return (socket as WithTcpSocket)._socket?.bytesRead;
}

/**
 * A number that grows whenever the network takes waiting bytes; `undefined` if no bytes wait, or if
 * the socket doesn't say. If the socket isn't one of `ws`, it shrinks whenever more bytes wait.
 */
export function takenBytes(socket: WebSocketLike): number | undefined {
  const handle = (socket as WithTcpSocket)._socket?._handle;
  if (!handle) return socket.bufferedAmount ? -socket.bufferedAmount : undefined;
  const { writeQueueSize, bytesWritten = 0 } = handle;
  return writeQueueSize ? bytesWritten - writeQueueSize : undefined;
}
