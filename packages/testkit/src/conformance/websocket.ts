import { WebSocket } from "ws";
import type { Connection, ConnectionListener } from "./connection.ts";
import { connectBytewise, FragmentSender } from "./delivery.ts";
import { ConformanceError, isUnreachable, reasonOf, UnreachableError } from "./errors.ts";
import type { Delivery } from "./scenario.ts";

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
  delivery?: Delivery,
): Promise<Connection> {
  const isSecure = url.startsWith("wss:");
  const socket = new WebSocket(url, {
    // Far more than any scenario needs.
    maxPayload: 64 * 1024 * 1024,
    handshakeTimeout: timeout,
    // The types don't know the option yet. Some servers never answer a close.
    ...{ closeTimeout: 500 },
    ...(delivery === "bytes" && {
      createConnection: (options: any) => connectBytewise(options, isSecure),
    }),
  });
  return await new Promise<Connection>((resolve, reject) => {
    // Listens at once, because messages may come together with the handshake.
    socket.once("open", () => resolve(over(socket, listener, delivery)));
    socket.once("error", (error) => {
      reject(
        isUnreachable(error)
          ? new UnreachableError(url, error)
          : new ConformanceError(`can't connect to ${url}: ${reasonOf(error)}`),
      );
    });
  });
}

/** Makes a connection of an open socket. */
export function over(
  socket: WebSocket,
  listener: ConnectionListener,
  delivery?: Delivery,
): Connection {
  socket.on("message", (data, isBinary) => {
    listener.message(isBinary ? "(a binary frame)" : String(data));
  });
  socket.on("close", (code, reason) => listener.closed(`${code} ${reason}`.trim()));
  socket.on("error", (error) => listener.closed(error.message));
  const fragments = delivery === "fragments" ? new FragmentSender(socket) : undefined;
  return {
    send: (text) => {
      if (socket.readyState !== socket.OPEN) return;
      if (fragments === undefined) socket.send(text);
      else fragments.send(text);
    },
    close: () => socket.close(),
    check: async (timeout) => await fragments?.check(timeout),
  };
}
