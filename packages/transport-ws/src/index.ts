/**
 * Cap'n Web sessions over WebSockets.
 *
 * @packageDocumentation
 */

// For applications.

export {
  type BunWebSocketHandler,
  type BunWebSocketOptions,
  newBunWebSocketRpcHandler,
  newBunWebSocketRpcSession,
} from "./bun.ts";
export {
  type BunUpgradeOptions,
  type BunUpgradingServer,
  upgradeBunWebSocketRpc,
} from "./bun-upgrade.ts";
export { NoWebSocketError, WebSocketClosedError, WebSocketRefusedError } from "./errors.ts";
export type { KeepAliveOptions } from "./keep-alive.ts";
export type { LivenessOptions } from "./liveness.ts";
export type { Served } from "./served.ts";
export { newWebSocketRpcSession, type WebSocketSessionOptions } from "./session.ts";
export { newWorkersWebSocketRpcResponse, type WorkersWebSocketOptions } from "./workers.ts";

// For libraries.

export { type BunServerWebSocket, BunWebSocketTransport } from "./bun-transport.ts";
export { WebSocketTransport } from "./pull-transport.ts";
export {
  type SocketFailure,
  type WebSocketOptions,
  WebSocketPushTransport,
} from "./push-transport.ts";
export type { WebSocketLike } from "./socket.ts";
