import type { WebSocketLike } from "./socket.ts";

/** A request's WebSocket, and the response that accepts it. */
export interface AcceptedWebSocket {
  readonly socket: WebSocketLike;
  readonly response: Response;
}

/**
 * Accepts a request for a WebSocket. The socket opens once the response has left, or is open.
 *
 * @throws the runtime's error for a malformed request
 */
export type AcceptWebSocket = (request: Request) => AcceptedWebSocket;

interface AcceptableWebSocket extends WebSocketLike {
  accept(): void;
}

/** The globals of the runtimes with which a `Request` can become a WebSocket. */
interface Runtime {
  readonly WebSocketPair?: new () => { 0: WebSocketLike; 1: AcceptableWebSocket };
  readonly Deno?: {
    upgradeWebSocket(request: Request, options: { idleTimeout: number }): AcceptedWebSocket;
  };
}

/** Accepts a WebSocket in workerd. */
export function acceptInWorkers(): AcceptedWebSocket {
  const { WebSocketPair } = globalThis as Runtime;
  const { 0: client, 1: socket } = new WebSocketPair!();
  socket.accept();
  return {
    socket,
    get response() {
      return new Response(null, { status: 101, webSocket: client } as ResponseInit);
    },
  };
}

/**
 * The way in which this runtime accepts WebSockets.
 *
 * @throws TypeError in a runtime that has none
 */
export function acceptHere(): AcceptWebSocket {
  const { WebSocketPair, Deno } = globalThis as Runtime;
  if (WebSocketPair) return acceptInWorkers;
  // The session sends pings of its own.
  if (Deno) return (request) => Deno.upgradeWebSocket(request, { idleTimeout: 0 });
  throw new TypeError(
    "This runtime can't turn a Request into a WebSocket, as Deno and Workers can. " +
      "Use attachWebSocketRpc in Node, and newBunWebSocketRpcHandler in Bun.",
  );
}

/** True for a request for a WebSocket. */
export function asksForWebSocket({ headers }: Request): boolean {
  return headers.get("Upgrade")?.toLowerCase() === "websocket";
}

/** The response to a request that doesn't ask for a WebSocket. */
export function upgradeRequired(): Response {
  return new Response("This endpoint only accepts WebSocket requests.\n", {
    status: 426,
    headers: { Upgrade: "websocket", Connection: "Upgrade" },
  });
}
