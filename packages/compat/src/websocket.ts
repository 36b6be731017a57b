/**
 * Servers of WebSockets with the defaults of `capnweb`: its limits, and pages of every origin may
 * connect. Set `origins` and `limits: "server"` for the defaults of our own servers.
 */
import type { RpcCompatible } from "@capnweb/core";
import * as ws from "@capnweb/transport-ws";
import { asReferenceServer } from "./as-reference.ts";

/**
 * Answers an upgrade request in Workers. See `newWorkersWebSocketRpcResponse` of
 * `@capnweb/transport-ws`, which has stricter defaults.
 */
export const newWorkersWebSocketRpcResponse: typeof ws.newWorkersWebSocketRpcResponse = (
  request,
  localMain,
  options = {},
) =>
  ws.newWorkersWebSocketRpcResponse(request, localMain, {
    origins: "*",
    ...asReferenceServer(options),
  });

/**
 * Makes the `websocket` handler of `Bun.serve`. See `newBunWebSocketRpcHandler` of
 * `@capnweb/transport-ws`, which has stricter defaults.
 */
export const newBunWebSocketRpcHandler = <
  W extends ws.BunServerWebSocket,
  T extends RpcCompatible<T> = undefined,
>(
  createMain: (ws: W, served: ws.Served<T>) => unknown,
  options: ws.BunWebSocketOptions = {},
): ws.BunWebSocketHandler<W> =>
  ws.newBunWebSocketRpcHandler<W, T>(createMain, asReferenceServer(options));

/**
 * Starts a session on a WebSocket that `Bun.serve` accepted. See `newBunWebSocketRpcSession` of
 * `@capnweb/transport-ws`.
 */
export const newBunWebSocketRpcSession: typeof ws.newBunWebSocketRpcSession = (
  socket,
  localMain,
  options = {},
) => ws.newBunWebSocketRpcSession(socket, localMain, asReferenceServer(options));
