import { RpcStub } from "@capnweb/core";
import {
  type AccessOptions,
  checkRequest,
  refusalResponse,
  reportError,
  serveSession,
} from "@capnweb/core/server";
import { acceptInWorkers, asksForWebSocket } from "./accept-web-socket.ts";
import { CLOSE_CODES } from "./close-for.ts";
import { WebSocketPushTransport } from "./push-transport.ts";
import { withMessagePings } from "./server-options.ts";
import type { WebSocketSessionOptions } from "./session.ts";
import { type SubprotocolOptions, subprotocolFor } from "./subprotocol.ts";

/** Options of {@link newWorkersWebSocketRpcResponse}. */
export interface WorkersWebSocketOptions
  extends WebSocketSessionOptions,
    AccessOptions,
    SubprotocolOptions {}

/**
 * Answers a WebSocket upgrade request in Cloudflare Workers (workerd), and starts a session on it.
 * If the server should decide on its clients and count them, use {@link newWebSocketRpcHandler}.
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
  if (!asksForWebSocket(request)) {
    giveUp(localMain, options);
    return new Response("This endpoint only accepts WebSocket requests.", { status: 400 });
  }
  const refusal = checkRequest(request, options);
  if (refusal) {
    giveUp(localMain, options);
    const { status, message } = refusal;
    return refusalResponse({ status, reason: message });
  }
  const accepted = acceptInWorkers(request, subprotocolFor(request, options));
  const { socket } = accepted;
  const own = withMessagePings(options);
  serveSession(
    new WebSocketPushTransport(socket, own),
    () => localMain,
    own,
    (reason) => socket.close(CLOSE_CODES.failed, reason),
  );
  return accepted.response;
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
