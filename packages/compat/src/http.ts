/**
 * Servers of HTTP batches with the defaults of `capnweb`: its limits, and pages of every origin.
 * Set `origins: "same-site"` and `limits: "server"` for those of servers.
 */
import * as http from "@capnweb/transport-http";
import { asReferenceServer } from "./as-reference.ts";

/** Answers a batch that came as a `Request`; see `@capnweb/transport-http`. */
export const newHttpBatchRpcResponse: typeof http.newHttpBatchRpcResponse = (
  request,
  localMain,
  options = {},
) =>
  http.newHttpBatchRpcResponse(request, localMain, {
    origins: "*",
    ...asReferenceServer(options),
  });

/** Answers a batch that came to a server of `node:http`; see `@capnweb/transport-http`. */
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
