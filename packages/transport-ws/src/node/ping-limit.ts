import type { WebSocket } from "ws";

/** How many pings a client may send within a second. Each is a few bytes, and is answered. */
const MOST_PINGS = 100;
const SECOND = 1_000;

/** Cuts a client off that floods the server with pings. */
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
