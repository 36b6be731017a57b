/**
 * Cap'n Web sessions over HTTP, which send all calls of a turn in one request.
 *
 * @packageDocumentation
 */

export { type HttpBatchClientOptions, newHttpBatchRpcSession } from "./client.ts";
export type { CorsOptions } from "./cors.ts";
export { HttpBatchError, type HttpBatchErrorCode, type HttpBatchErrorOptions } from "./errors.ts";
export { newHttpBatchRpcHandler, newHttpBatchRpcResponse } from "./fetch-server.ts";
export type {
  HostedBatchOptions,
  HostedNodeBatchOptions,
  HttpBatchHandlerOptions,
  NodeHttpBatchHandlerOptions,
  NodeHttpBatchServerOptions,
} from "./handler-options.ts";
export { newNodeHttpBatchRpcHandler, nodeHttpBatchRpcResponse } from "./node-server.ts";
export type {
  NodeHeaderValue,
  NodeHttpRequest,
  NodeHttpResponse,
  NodeSocket,
} from "./node-types.ts";
export type { HttpBatchServerOptions, HttpExchangeOptions } from "./settings.ts";
