/**
 * Cap'n Web sessions over WebSockets in Node, with the `ws` package, a peer dependency of this
 * entry. Has servers, and clients for versions of Node without a `WebSocket` of their own.
 *
 * @packageDocumentation
 */

// For applications.
export type { Authorization, ContextAuthorization } from "@capnweb/core/server";
export {
  NoWebSocketError,
  WebSocketClosedError,
  WebSocketRefusedError,
  WebSocketUrlError,
} from "./errors.ts";
export type { KeepAliveOptions } from "./keep-alive.ts";
export { attachWebSocketRpc } from "./node/attach.ts";
export {
  type NodeWebSocketSessionOptions,
  type NodeWebSocketTransportOptions,
  newWebSocketRpcSession,
  webSocketTransport,
} from "./node/client.ts";
export type {
  AttachedRpc,
  AttachOptions,
  ContextOptions,
  UpgradeOptions,
} from "./node/options.ts";
export type { UpgradableServer } from "./node/router.ts";
export type { Served, ServedRequest } from "./served.ts";

// For libraries.

export { type ListenableServer, listenFirst } from "./node/listen-first.ts";
