/**
 * Exports everything that `capnweb` exports, under the same names: to move over, change the import.
 * Intended differences in behaviour are listed in docs/differences.md.
 *
 * @packageDocumentation
 */

export {
  type AnyRpcTransport,
  DEFAULT_LIMITS,
  DEFAULT_MAX_DEPTH,
  type EncodingLevel,
  type RpcCompatible,
  type RpcLimits,
  RpcPromise,
  type RpcSessionOptions,
  RpcStub,
  RpcTarget,
  type RpcTransport,
  type RpcTransportWithCustomEncoding,
} from "@capnweb/core";
export { BunWebSocketTransport, WebSocketTransport } from "@capnweb/transport-ws";
export { deserialize } from "@capnweb/wire";
export { newHttpBatchRpcResponse, nodeHttpBatchRpcResponse } from "./http.ts";
export {
  newHttpBatchRpcSession,
  newMessagePortRpcSession,
  newWebSocketRpcSession,
  RpcSession,
  serialize,
} from "./sessions.ts";
export {
  newBunWebSocketRpcHandler,
  newBunWebSocketRpcSession,
  newWorkersWebSocketRpcResponse,
} from "./websocket.ts";
export { newWorkersRpcResponse } from "./workers.ts";
