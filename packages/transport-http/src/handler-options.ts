import type { AdmissionOptions, Authorization } from "@capnweb/core/server";
import type { NodeHeaderValue, NodeHttpRequest } from "./node-types.ts";
import type { HttpBatchServerOptions, HttpExchangeOptions } from "./settings.ts";

/**
 * The decisions of a handler of batches.
 *
 * @typeParam Args the handler's arguments
 */
interface BatchDecisionOptions<Args extends unknown[]> extends AdmissionOptions {
  /**
   * Decides on a request before its body is read; see `Authorization` of `@capnweb/core/server`. A
   * refusal is answered with its status and reason. Default: all are accepted.
   */
  authorize?: ((...args: Args) => Authorization | PromiseLike<Authorization>) | undefined;
  /** Milliseconds that `authorize` may take; the client then gets 503. Default 10,000. */
  authorizeTimeout?: number | undefined;
}

/** Options of {@link newHttpBatchRpcHandler} with a host, which has all others. */
export interface HostedBatchOptions<Context extends unknown[] = unknown[]>
  extends HttpExchangeOptions,
    Pick<HttpBatchHandlerOptions<Context>, "address"> {}

/** Options of {@link newHttpBatchRpcHandler}. */
export interface HttpBatchHandlerOptions<Context extends unknown[] = unknown[]>
  extends HttpBatchServerOptions,
    BatchDecisionOptions<[request: Request, ...context: Context]> {
  /**
   * Returns the client's address, by which `maxSessionsPerAddress` counts. A `Request` has none:
   * read it from the handler's further arguments, or from a header that a proxy sets. Default:
   * none, so that only `maxSessions` counts.
   */
  address?: ((request: Request, ...context: Context) => string | undefined) | undefined;
}

/** Options of {@link nodeHttpBatchRpcResponse}. */
export interface NodeHttpBatchServerOptions extends HttpBatchServerOptions {
  /** Headers of every response, as `response.writeHead` takes them: by name, or as a flat list. */
  headers?:
    | Readonly<Record<string, NodeHeaderValue | undefined>>
    | readonly NodeHeaderValue[]
    | undefined;
}

/** Options of {@link newNodeHttpBatchRpcHandler} with a host, which has all others. */
export interface HostedNodeBatchOptions<R extends NodeHttpRequest = NodeHttpRequest>
  extends HttpExchangeOptions,
    Pick<NodeHttpBatchHandlerOptions<R>, "address" | "headers"> {}

/** Options of {@link newNodeHttpBatchRpcHandler}. */
export interface NodeHttpBatchHandlerOptions<R extends NodeHttpRequest = NodeHttpRequest>
  extends NodeHttpBatchServerOptions,
    BatchDecisionOptions<[request: R]> {
  /**
   * Returns the client's address, by which `maxSessionsPerAddress` counts. Set it behind a proxy,
   * which would otherwise be the only client. Default: the socket's remote address.
   */
  address?: ((request: R) => string | undefined) | undefined;
}
