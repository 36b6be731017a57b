/**
 * Cap'n Web sessions over WebSockets.
 *
 * @packageDocumentation
 */

export {
  type BunServerWebSocket,
  type BunWebSocketHandler,
  BunWebSocketTransport,
  newBunWebSocketRpcHandler,
  newBunWebSocketRpcSession,
} from "./bun.ts";
export { NoWebSocketError, WebSocketClosedError } from "./errors.ts";
// For applications.
export { newWebSocketRpcSession, type WebSocketSessionOptions } from "./session.ts";
// For libraries.
export type { WebSocketLike } from "./socket.ts";
export { type WebSocketOptions, WebSocketPushTransport } from "./transport.ts";
export { WebSocketTransport } from "./websocket-transport.ts";
export { newWorkersWebSocketRpcResponse } from "./workers.ts";
