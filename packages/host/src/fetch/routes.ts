import { type HostedBatchOptions, newHttpBatchRpcHandler } from "@capnweb/transport-http";
import { answerHealth, type HealthPaths, pathOf } from "../health.ts";
import type { RpcHost } from "../host.ts";

/** The paths and the batches of a host in a runtime whose servers speak `Request`. */
export interface RouteOptions<Context extends unknown[]> extends HealthPaths {
  /** The path of WebSockets and batches. `undefined` for every path. */
  readonly path?: string | undefined;
  /** Options of HTTP batches; `false` for none. */
  readonly http?: HostedBatchOptions<Context> | false | undefined;
  /** The client's address. */
  readonly addressOf: (request: Request, ...context: Context) => string | undefined;
  /** Answers requests for other paths. Default: 404. */
  readonly fallback?:
    | ((request: Request, ...context: Context) => Response | PromiseLike<Response>)
    | undefined;
}

/** A request for a WebSocket, which `newWebSocketRpcHandler` or the like answers. */
type Upgrade<Context extends unknown[], R> = (
  request: Request,
  ...context: Context
) => Promise<Response | R>;

/**
 * Makes the function that answers a host's requests: for WebSockets, batches, and its health.
 *
 * @param upgrade answers requests for WebSockets; `false` if there are none
 */
export function routesOf<Context extends unknown[], R = never>(
  host: RpcHost<any, any>,
  upgrade: Upgrade<Context, R> | false,
  options: RouteOptions<Context>,
): Upgrade<Context, R> {
  const { path, http = {}, addressOf, fallback = notFound } = options;
  const answerBatch =
    http && newHttpBatchRpcHandler<Context>(host, { address: addressOf, ...http });
  return async (request, ...context) => {
    const health = answerHealth(host, request, options);
    if (health) return health;
    if (path === undefined || pathOf(request.url) === path) {
      const isUpgrade = request.headers.get("Upgrade")?.toLowerCase() === "websocket";
      const answer = isUpgrade ? upgrade : answerBatch;
      if (answer) return answer(request, ...context);
    }
    return fallback(request, ...context);
  };
}

function notFound(): Response {
  return new Response("Not found.\n", { status: 404 });
}
