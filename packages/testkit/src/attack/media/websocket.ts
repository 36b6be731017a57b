import { WebSocket } from "ws";
import { Native, type Open } from "./connection.ts";

/** Opens a WebSocket. */
export const openWebSocket: Open = (
  { ws, localAddress },
  events,
  { signal, headers = {}, reads = true },
) => {
  const socket = new WebSocket(ws!, {
    headers,
    localAddress,
    rejectUnauthorized: false,
    perMessageDeflate: false,
    maxPayload: 2 ** 30,
    skipUTF8Validation: true,
    handshakeTimeout: 10_000,
  });
  const terminate = () => socket.terminate();
  signal.addEventListener("abort", terminate, { once: true });
  if (signal.aborted) terminate();
  let failure = new Error("the connection was closed before it was open");
  socket.on("error", (error) => {
    failure = error;
  });
  socket.on("message", (data, isBinary) => {
    const bytes = data as Buffer;
    events.message(isBinary ? undefined : String(bytes), bytes.length);
  });
  return new Promise((resolve, reject) => {
    let isOpened = false;
    socket.once("close", (code, reason) => {
      signal.removeEventListener("abort", terminate);
      if (isOpened) events.closed(`${code} ${reason}`.trim());
      else reject(failure);
    });
    socket.once("open", () => {
      isOpened = true;
      if (!reads) socket.pause();
      resolve({
        get isOpen() {
          return socket.readyState === WebSocket.OPEN;
        },
        get bufferedAmount() {
          return socket.bufferedAmount;
        },
        send: (message) => socket.send(message instanceof Native ? "" : message),
        terminate,
      });
    });
  });
};
