/**
 * Servers of HTTP batches with the defaults of `capnweb`: its limits, and pages of every origin may
 * connect. Set `origins: "same-site"` and `limits: "server"` for the defaults of our own servers.
 */
import * as http from "@capnweb/transport-http";
import { asReferenceServer } from "./as-reference.ts";

/**
 * Answers a batch that arrives as a `Request`. See `newHttpBatchRpcResponse` of
 * `@capnweb/transport-http`, which has stricter defaults.
 */
export const newHttpBatchRpcResponse: typeof http.newHttpBatchRpcResponse = (
  request,
  localMain,
  options = {},
) =>
  http.newHttpBatchRpcResponse(request, localMain, {
    origins: "*",
    ...asReferenceServer(options),
  });

/**
 * Answers a batch that reaches a server of `node:http`. See `nodeHttpBatchRpcResponse` of
 * `@capnweb/transport-http`, which has stricter defaults.
 */
export const nodeHttpBatchRpcResponse: typeof http.nodeHttpBatchRpcResponse = (
  request,
  response,
  localMain,
  options = {},
) =>
  http.nodeHttpBatchRpcResponse(request, response, localMain, {
    origins: "*",
    ...asReferenceServer(options),
  });
