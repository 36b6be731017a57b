import type { WebSocket } from "ws";

/** Most pings that a client may send per second. A ping has few bytes, but each is answered. */
const MOST_PINGS = 100;
const SECOND = 1_000;

/** Disconnects a client that floods the server with pings. */
export function limitPings(socket: WebSocket): void {
  let pings = 0;
  let since = performance.now();
  socket.on("ping", () => {
    if (++pings <= MOST_PINGS) return;
    const now = performance.now();
    if (now - since < SECOND) socket.terminate();
    pings = 0;
    since = now;
  });
}
