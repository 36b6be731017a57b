import { RpcStub } from "@capnweb/core";
import { type AccessOptions, reportError, serveSession } from "@capnweb/core/server";
import { WebSocketPushTransport } from "./push-transport.ts";
import { checkRequest, refusalResponse } from "./request-access.ts";
import { withServerDefaults } from "./server-options.ts";
import type { WebSocketSessionOptions } from "./session.ts";
import type { WebSocketLike } from "./socket.ts";

/** Options of {@link newWorkersWebSocketRpcResponse}. */
export interface WorkersWebSocketOptions extends WebSocketSessionOptions, AccessOptions {}

interface AcceptableWebSocket extends WebSocketLike {
  accept(): void;
}
type WebSocketPairClass = new () => { 0: WebSocketLike; 1: AcceptableWebSocket };

/**
 * Answers a WebSocket upgrade request in Cloudflare Workers (workerd), and starts a session on it.
 *
 * @param localMain the client's main object. The session owns it; if no session starts, the
 *   function disposes of it
 * @param options default to the limits of the profile `"server"`; `origins` and `hosts` say which
 *   pages may connect, by default those of the same site
 * @returns the response to return from the `fetch` handler: 101; 403 or 421 for an origin or a
 *   host that isn't allowed; 400 for a request that doesn't ask for a WebSocket
 *
 * @example
 * ```ts
 * export default {
 *   fetch: (request) =>
 *     newWorkersWebSocketRpcResponse(request, new Api(), { origins: ["https://app.example"] }),
 * };
 * ```
 */
export function newWorkersWebSocketRpcResponse(
  request: Request,
  localMain?: unknown,
  options: WorkersWebSocketOptions = {},
): Response {
  if (request.headers.get("Upgrade")?.toLowerCase() !== "websocket") {
    giveUp(localMain, options);
    return new Response("This endpoint only accepts WebSocket requests.", { status: 400 });
  }
  const refusal = checkRequest(request, options);
  if (refusal) {
    giveUp(localMain, options);
    return refusalResponse(refusal);
  }
  const { WebSocketPair } = globalThis as unknown as { WebSocketPair: WebSocketPairClass };
  const { 0: client, 1: server } = new WebSocketPair();
  server.accept();
  const own = withServerDefaults(options);
  const transport = new WebSocketPushTransport(server, own);
  serveSession(
    transport,
    () => localMain,
    own,
    (reason) => server.close(1011, reason),
  );
  return new Response(null, { status: 101, webSocket: client } as ResponseInit);
}

/** Disposes of a main object when no session starts. */
function giveUp(localMain: unknown, options: WorkersWebSocketOptions): void {
  if (localMain === undefined) return;
  try {
    new RpcStub(localMain)[Symbol.dispose]();
  } catch (error) {
    reportError(error, options.onError);
  }
}
