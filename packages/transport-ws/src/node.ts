/**
 * Cap'n Web sessions over WebSockets in Node, with the `ws` package, a peer dependency of this
 * entry. Has servers, and clients for versions of Node without a `WebSocket` of their own.
 *
 * @packageDocumentation
 */

// For applications.
export { NoWebSocketError, WebSocketClosedError, WebSocketRefusedError } from "./errors.ts";
export type { KeepAliveOptions } from "./keep-alive.ts";
export { attachWebSocketRpc } from "./node/attach.ts";
export type { Authorization, ContextAuthorization } from "./node/authorize.ts";
export { type NodeWebSocketSessionOptions, newWebSocketRpcSession } from "./node/client.ts";
export type {
  AttachedRpc,
  AttachOptions,
  ContextOptions,
  ServedRequest,
} from "./node/options.ts";
export type { UpgradableServer } from "./node/router.ts";
export type { Served } from "./served.ts";
