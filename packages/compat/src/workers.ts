import type { RpcSessionOptions } from "@capnweb/core";
import { newHttpBatchRpcResponse } from "./http.ts";
import { newWorkersWebSocketRpcResponse } from "./websocket.ts";

/**
 * Answers a request in Cloudflare Workers (workerd): a POST as a batch, a WebSocket upgrade as a
 * session.
 *
 * Pages of every origin may send batches, and may read the answers to batches without cookies. A
 * page can make a browser send a batch with cookies all the same, so don't let cookies alone decide
 * what a batch may do.
 *
 * @param localMain the object behind the client's main stub; the session owns it
 * @returns 101 or the batch's answer; 400 for any other request. Never rejects because of what
 *   the client sent
 *
 * @example
 * ```ts
 * export default { fetch: (request) => newWorkersRpcResponse(request, new Api()) };
 * ```
 */
export async function newWorkersRpcResponse(
  request: Request,
  localMain: unknown,
  options?: RpcSessionOptions,
): Promise<Response> {
  if (request.method === "POST") {
    const response = await newHttpBatchRpcResponse(request, localMain, options);
    response.headers.set("Access-Control-Allow-Origin", "*");
    return response;
  }
  if (request.headers.get("Upgrade")?.toLowerCase() === "websocket") {
    return newWorkersWebSocketRpcResponse(request, localMain, options);
  }
  return new Response("This endpoint only accepts POST or WebSocket requests.", { status: 400 });
}
