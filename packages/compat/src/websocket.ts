/** Servers of WebSockets with the defaults of `capnweb`: its limits, and pages of every origin. */
import type { RpcCompatible, RpcStub } from "@capnweb/core";
import {
  type BunServerWebSocket,
  type BunWebSocketHandler,
  type BunWebSocketOptions,
  type BunWebSocketTransport,
  newBunWebSocketRpcHandler as newHandler,
  newWorkersWebSocketRpcResponse as newResponse,
  newBunWebSocketRpcSession as newSession,
  type Served,
  type WebSocketSessionOptions,
  type WorkersWebSocketOptions,
} from "@capnweb/transport-ws";
import { asReferenceServer } from "./as-reference.ts";

/**
 * As the function of `@capnweb/transport-ws`, with the defaults of `capnweb`: the limits of clients,
 * and pages of every origin. Set `origins` and `limits: "server"` for those of servers.
 */
export function newWorkersWebSocketRpcResponse(
  request: Request,
  localMain?: unknown,
  options: WorkersWebSocketOptions = {},
): Response {
  return newResponse(request, localMain, { origins: "*", ...asReferenceServer(options) });
}

/**
 * As the function of `@capnweb/transport-ws`, with the limits of clients, as `capnweb` has them. Set
 * `limits: "server"` for those of servers.
 */
export function newBunWebSocketRpcHandler<
  W extends BunServerWebSocket,
  T extends RpcCompatible<T> = undefined,
>(
  createMain: (ws: W, served: Served<T>) => unknown,
  options: BunWebSocketOptions = {},
): BunWebSocketHandler<W> {
  return newHandler<W, T>(createMain, asReferenceServer(options));
}

/** As the function of `@capnweb/transport-ws`, with the limits of clients, as `capnweb` has them. */
export function newBunWebSocketRpcSession<T extends RpcCompatible<T> = undefined>(
  ws: BunServerWebSocket,
  localMain?: unknown,
  options: WebSocketSessionOptions = {},
): { stub: RpcStub<T>; transport: BunWebSocketTransport } {
  return newSession<T>(ws, localMain, asReferenceServer(options));
}
