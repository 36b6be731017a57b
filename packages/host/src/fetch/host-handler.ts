import { newWebSocketRpcHandler } from "@capnweb/transport-ws";
import type { RpcHost } from "../host.ts";
import { addressHere } from "./client-address.ts";
import { checkHandler, type HostHandlerOptions } from "./handler-options.ts";
import { routesOf } from "./routes.ts";

/**
 * Makes a handler of requests that serves a host in Deno and in Workers: WebSockets and batches at
 * one path, and health checks. For Bun, use `newBunHostHandler`; for Node, `attachHost` of
 * `@capnweb/host/node`.
 *
 * @returns the handler. Its promise never rejects, unless `fallback` does
 * @throws TypeError if `host` is something else, for an unknown option, for a wrong value, and in a
 *   runtime that can't accept WebSockets so
 *
 * @example
 * ```ts
 * Deno.serve({ port: 8080 }, newHostHandler(host, { path: "/api" }));
 * ```
 */
export function newHostHandler<Context extends unknown[] = unknown[]>(
  host: RpcHost<any, any>,
  options: HostHandlerOptions<Context> = {},
): (request: Request, ...context: Context) => Promise<Response> {
  checkHandler("newHostHandler()", host, options);
  const { path = "/", webSocket = {}, addressOf = addressHere } = options;
  const upgrade = webSocket && newWebSocketRpcHandler<Context>(host, { ...webSocket, addressOf });
  return routesOf<Context>(host, upgrade, { ...options, path, addressOf });
}
