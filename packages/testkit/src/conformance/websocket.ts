import { WebSocket } from "ws";
import type { Connection, ConnectionListener } from "./connection.ts";
import { ConformanceError, isUnreachable, reasonOf, UnreachableError } from "./errors.ts";

/**
 * Connects to a server under test.
 *
 * @param timeout milliseconds for the handshake
 * @throws ConformanceError if the handshake fails
 */
export async function connect(
  url: string,
  listener: ConnectionListener,
  timeout: number,
): Promise<Connection> {
  const socket = new WebSocket(url, {
    maxPayload: 256 * 1024 * 1024,
    handshakeTimeout: timeout,
  });
  await new Promise<void>((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("error", (error) => {
      reject(
        isUnreachable(error)
          ? new UnreachableError(url, error)
          : new ConformanceError(`can't connect to ${url}: ${reasonOf(error)}`),
      );
    });
  });
  return over(socket, listener);
}

/** Makes a connection of an open socket. */
export function over(socket: WebSocket, listener: ConnectionListener): Connection {
  socket.on("message", (data, isBinary) => {
    listener.message(isBinary ? "(a binary frame)" : String(data));
  });
  socket.on("close", (code, reason) => listener.closed(`${code} ${reason}`.trim()));
  socket.on("error", (error) => listener.closed(error.message));
  return {
    send: (text) => {
      if (socket.readyState === socket.OPEN) socket.send(text);
    },
    close: () => socket.close(),
  };
}
