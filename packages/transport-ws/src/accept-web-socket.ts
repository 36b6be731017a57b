import type { WebSocketLike } from "./socket.ts";
import { SUBPROTOCOL_HEADER } from "./subprotocol.ts";

/** A request's WebSocket, and the response that accepts it. */
export interface AcceptedWebSocket {
  readonly socket: WebSocketLike;
  readonly response: Response;
}

/**
 * Accepts a request for a WebSocket. The socket opens once the response has left, or is open.
 *
 * @param subprotocol the one that the client offers and gets, if any
 * @throws the runtime's error for a malformed request
 */
export type AcceptWebSocket = (
  request: Request,
  subprotocol: string | undefined,
) => AcceptedWebSocket;

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
export function acceptInWorkers(
  _request: Request,
  subprotocol: string | undefined,
): AcceptedWebSocket {
  const { WebSocketPair } = globalThis as Runtime;
  const { 0: client, 1: socket } = new WebSocketPair!();
  socket.accept();
  return {
    socket,
    get response() {
      const headers = subprotocol && { headers: { [SUBPROTOCOL_HEADER]: subprotocol } };
      // workerd's own option, which its types and those of browsers declare differently.
      const init: object = { status: 101, webSocket: client, ...(headers || undefined) };
      return new Response(null, init);
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
  if (Deno) {
    return (request, subprotocol) => {
      // The session sends pings of its own.
      const accepted = Deno.upgradeWebSocket(request, { idleTimeout: 0 });
      // Its option `protocol` takes "a,b", as the package `ws` sends it, for one name.
      if (subprotocol) accepted.response.headers.set(SUBPROTOCOL_HEADER, subprotocol);
      return accepted;
    };
  }
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
