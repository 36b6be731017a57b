/**
 * Cap'n Web sessions over WebSockets.
 *
 * @packageDocumentation
 */

// For applications.

export {
  type BunWebSocketOptions,
  type HostedBunHandler,
  type HostedBunOptions,
  newBunWebSocketRpcHandler,
} from "./bun-handler.ts";
export { newBunWebSocketRpcSession } from "./bun-session.ts";
export type { BunWebSocketEvents, BunWebSocketHandler } from "./bun-sockets.ts";
export {
  type BunUpgradeOptions,
  type BunUpgradingServer,
  upgradeBunWebSocketRpc,
} from "./bun-upgrade.ts";
export { type WebSocketTransportOptions, webSocketTransport } from "./connect.ts";
export {
  NoWebSocketError,
  WebSocketClosedError,
  WebSocketRefusedError,
  WebSocketUrlError,
} from "./errors.ts";
export type { KeepAliveOptions } from "./keep-alive.ts";
export type { LivenessOptions } from "./liveness.ts";
export {
  type HostedWebSocketOptions,
  newWebSocketRpcHandler,
  type WebSocketHandlerOptions,
} from "./request-handler.ts";
export type { Served, ServedRequest } from "./served.ts";
export { newWebSocketRpcSession, type WebSocketSessionOptions } from "./session.ts";
export type { SubprotocolOptions } from "./subprotocol.ts";
export { newWorkersWebSocketRpcResponse, type WorkersWebSocketOptions } from "./workers.ts";

// For libraries.

export { type BunServerWebSocket, BunWebSocketTransport } from "./bun-transport.ts";
export { closeReason } from "./close-reason.ts";
export { WebSocketTransport } from "./pull-transport.ts";
export {
  type SocketFailure,
  type WebSocketOptions,
  WebSocketPushTransport,
} from "./push-transport.ts";
export type { WebSocketLike } from "./socket.ts";
export { subprotocolFor } from "./subprotocol.ts";
