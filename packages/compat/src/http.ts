/** Servers of HTTP batches with the defaults of `capnweb`: its limits, and pages of every origin. */
import {
  type HttpBatchServerOptions,
  type NodeHttpBatchServerOptions,
  type NodeHttpRequest,
  type NodeHttpResponse,
  newHttpBatchRpcResponse as newResponse,
  nodeHttpBatchRpcResponse as nodeResponse,
} from "@capnweb/transport-http";
import { asReferenceServer } from "./as-reference.ts";

/**
 * As the function of `@capnweb/transport-http`, with the defaults of `capnweb`: the limits of clients,
 * and pages of every origin. Set `origins: "same-site"` and `limits: "server"` for those of servers.
 */
export function newHttpBatchRpcResponse(
  request: Request,
  localMain: unknown,
  options: HttpBatchServerOptions = {},
): Promise<Response> {
  return newResponse(request, localMain, { origins: "*", ...asReferenceServer(options) });
}

/**
 * As the function of `@capnweb/transport-http`, with the defaults of `capnweb`: the limits of clients,
 * and pages of every origin. Set `origins: "same-site"` and `limits: "server"` for those of servers.
 */
export function nodeHttpBatchRpcResponse(
  request: NodeHttpRequest,
  response: NodeHttpResponse,
  localMain: unknown,
  options: NodeHttpBatchServerOptions = {},
): Promise<void> {
  return nodeResponse(request, response, localMain, {
    origins: "*",
    ...asReferenceServer(options),
  });
}
