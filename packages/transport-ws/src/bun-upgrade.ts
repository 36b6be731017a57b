import { type AccessOptions, checkRequest, refusalResponse } from "@capnweb/core/server";
import { upgradeRequired } from "./accept-web-socket.ts";

/** The part of Bun's server that accepts a WebSocket. */
export interface BunUpgradingServer {
  /**
   * Accepts a request for a WebSocket.
   *
   * @returns false if the request doesn't ask for one
   */
  upgrade(request: Request, options?: any): boolean;
  /** The address of a request's client. */
  requestIP?(request: Request): { readonly address: string } | null;
}

/** Options of {@link upgradeBunWebSocketRpc}. */
export interface BunUpgradeOptions extends AccessOptions {
  /** Becomes `ws.data`, which `createMain` receives: for example, the user who made the request. */
  data?: unknown;
  /** Headers of the response that accepts the WebSocket. */
  headers?: Headers | Readonly<Record<string, string>> | undefined;
}

/**
 * Accepts a WebSocket in the `fetch` of `Bun.serve` if the request's origin and host are allowed:
 * by default, those of the same site.
 *
 * @returns `undefined` if the WebSocket was accepted, otherwise the response to return: 403 or
 *   421 for an origin or a host that isn't allowed, 426 for a request that doesn't ask for a
 *   WebSocket
 *
 * @example
 * ```ts
 * Bun.serve({
 *   fetch: (request, server) =>
 *     upgradeBunWebSocketRpc(request, server, { origins: ["https://app.example"] }),
 *   websocket: newBunWebSocketRpcHandler(() => new Api()),
 * });
 * ```
 */
export function upgradeBunWebSocketRpc(
  request: Request,
  server: BunUpgradingServer,
  { data, headers, ...access }: BunUpgradeOptions = {},
): Response | undefined {
  const refusal = checkRequest(request, access);
  if (refusal) return refusalResponse({ status: refusal.status, reason: refusal.message });
  const own = headers === undefined ? { data } : { data, headers };
  return server.upgrade(request, own) ? undefined : upgradeRequired();
}
