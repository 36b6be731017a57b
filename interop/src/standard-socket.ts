import type { WebSocket } from "ws";

/** A socket with no more than the standard has, as in browsers, Deno and workerd: no pings. */
export function standardSocket(socket: WebSocket) {
  return {
    get readyState() {
      return socket.readyState;
    },
    get bufferedAmount() {
      return socket.bufferedAmount;
    },
    get binaryType() {
      return socket.binaryType;
    },
    set binaryType(type: any) {
      socket.binaryType = type;
    },
    send: (data: string) => socket.send(data),
    close: (code?: number, reason?: string) => socket.close(code, reason),
    addEventListener: (type: any, listener: any) => socket.addEventListener(type, listener),
  };
}
