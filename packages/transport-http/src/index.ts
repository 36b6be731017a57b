/**
 * Cap'n Web sessions over HTTP: all calls of a turn in one request.
 *
 * @packageDocumentation
 */

export type { HttpBatchServerOptions } from "./answer.ts";
export { type HttpBatchClientOptions, newHttpBatchRpcSession } from "./client.ts";
export type { CorsOptions } from "./cors.ts";
export { HttpBatchError, type HttpBatchErrorCode } from "./errors.ts";
export { newHttpBatchRpcResponse } from "./fetch-server.ts";
export {
  type NodeHeaderValue,
  type NodeHttpBatchServerOptions,
  type NodeHttpRequest,
  type NodeHttpResponse,
  nodeHttpBatchRpcResponse,
} from "./node-server.ts";
