import {
  type BunUpgradingServer,
  type HostedBunHandler,
  type HostedBunOptions,
  newBunWebSocketRpcHandler,
} from "@capnweb/transport-ws";
import type { RpcHost } from "../host.ts";
import { checkHandler, type HostHandlerOptions } from "./handler-options.ts";
import { routesOf } from "./routes.ts";

/** Options of {@link newBunHostHandler}. */
export type BunHostOptions = HostHandlerOptions<
  [server: BunUpgradingServer],
  Omit<HostedBunOptions, "addressOf">
>;

/** The options of `Bun.serve` that serve a host. */
export interface BunHostHandler {
  /** Answers a request. `undefined` if it has become a WebSocket. */
  fetch(request: Request, server: BunUpgradingServer): Promise<Response | undefined>;
  /** Runs the sessions on WebSockets. */
  readonly websocket: HostedBunHandler;
}

/**
 * Makes the options with which `Bun.serve` serves a host: WebSockets and batches at one path, and
 * health checks.
 *
 * @returns the options. The promise of `fetch` never rejects, unless `fallback` does
 * @throws TypeError if `host` is something else, for an unknown option, and for a wrong value
 *
 * @example
 * ```ts
 * Bun.serve({ port: 8080, ...newBunHostHandler(host, { path: "/api" }) });
 * ```
 */
export function newBunHostHandler(
  host: RpcHost<any, any>,
  options: BunHostOptions = {},
): BunHostHandler {
  checkHandler("newBunHostHandler()", host, options);
  const { path = "/", webSocket, addressOf = addressInBun } = options;
  const websocket = newBunWebSocketRpcHandler(host, { ...(webSocket || {}), addressOf });
  const upgrade: BunHostHandler["fetch"] | false =
    webSocket !== false && ((request, server) => websocket.upgrade(request, server));
  return { fetch: routesOf(host, upgrade, { ...options, path, addressOf }), websocket };
}

function addressInBun(request: Request, server: BunUpgradingServer): string | undefined {
  return server.requestIP?.(request)?.address;
}
