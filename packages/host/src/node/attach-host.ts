import type { IncomingMessage } from "node:http";
import { checkOptions } from "@capnweb/core/options";
import { type HostedNodeBatchOptions, newNodeHttpBatchRpcHandler } from "@capnweb/transport-http";
import {
  attachWebSocketRpc,
  type UpgradableServer,
  type UpgradeOptions,
} from "@capnweb/transport-ws/node";
import { checkHost } from "../check-host.ts";
import { type HealthPaths, healthAnswer, pathOf } from "../health.ts";
import type { RpcHost } from "../host.ts";
import { inHost, SERVE_RULES } from "../option-rules.ts";
import { type RequestServer, routeRequests } from "./request-router.ts";

/** A server that answers requests and accepts WebSockets, of `node:http` or `node:https`. */
export interface AttachableServer extends UpgradableServer, RequestServer {
  on(event: any, listener: (...args: any[]) => void): unknown;
  off(event: any, listener: (...args: any[]) => void): unknown;
  listenerCount(event: any): number;
  rawListeners(event: any): unknown[];
}

/** Options of {@link attachHost}. */
export interface AttachHostOptions extends HealthPaths {
  /** The path of WebSockets and batches. Default `"/"`. */
  readonly path?: string | undefined;
  /** Options of the WebSockets; `false` for none. */
  readonly webSocket?: Omit<UpgradeOptions, "path"> | false | undefined;
  /** Options of HTTP batches; `false` for none. */
  readonly http?: HostedNodeBatchOptions<IncomingMessage> | false | undefined;
  /**
   * The client's address, for servers behind proxies: for example,
   * `(request) => String(request.headers["x-real-ip"])`. Use a header only if the proxy sets it.
   * Default: the address of the TCP connection.
   */
  readonly addressOf?: ((request: IncomingMessage) => string | undefined) | undefined;
}

/** A host's service on a server. */
export interface AttachedHost {
  /**
   * Stops serving, and closes its WebSockets with 1001. The HTTP server stays yours. Idempotent.
   */
  close(): void;
}

/**
 * Serves a host on an HTTP server: WebSockets and batches at one path, and health checks. Requests
 * for other paths are left to the listeners that the server had before, such as the application of
 * a framework, and answered with 404 if there are none.
 *
 * @param server a server; it stays yours
 * @throws TypeError if `host` or `server` is something else, if the path is served already, for an
 *   unknown option, and for a wrong value
 * @throws NoWebSocketError if the package `ws` isn't installed
 *
 * @example
 * ```ts
 * const server = express().listen(8080);
 * attachHost(host, server, { path: "/api" });
 * ```
 */
export function attachHost(
  host: RpcHost<any, any>,
  server: AttachableServer,
  options: AttachHostOptions = {},
): AttachedHost {
  checkHost("attachHost()", host);
  checkOptions<AttachHostOptions>("attachHost()", options, SERVE_RULES, inHost);
  const { path = "/", webSocket = {}, http = {}, addressOf } = options;
  const sockets = webSocket && attachWebSocketRpc(server, host, { ...webSocket, path, addressOf });
  const answerBatch = http && newNodeHttpBatchRpcHandler(host, batchOptions(http, addressOf));
  const stop = routeRequests(server, (request, response) => {
    const answer = healthAnswer(host, request.method, request.url ?? "/", options);
    if (answer) {
      response.writeHead(answer.status, answer.headers).end(answer.body);
      return true;
    }
    if (!answerBatch || pathOf(request.url ?? "/") !== path) return false;
    // Clients that keep their connections would stay with a server that goes away.
    if (!host.health().isReady) response.setHeader("Connection", "close");
    void answerBatch(request, response);
    return true;
  });
  return {
    close() {
      stop();
      if (sockets) sockets.close();
    },
  };
}

function batchOptions(
  http: HostedNodeBatchOptions<IncomingMessage>,
  addressOf: AttachHostOptions["addressOf"],
): HostedNodeBatchOptions<IncomingMessage> {
  return addressOf ? { address: addressOf, ...http } : http;
}
