import { type AccessOptions, checkRequest, refusalResponse } from "@capnweb/core/server";
import { upgradeRequired } from "./accept-web-socket.ts";
import { SUBPROTOCOL_HEADER, type SubprotocolOptions, subprotocolFor } from "./subprotocol.ts";

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
export interface BunUpgradeOptions extends AccessOptions, SubprotocolOptions {
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
  { data, headers, ...options }: BunUpgradeOptions = {},
): Response | undefined {
  const refusal = checkRequest(request, options);
  if (refusal) return refusalResponse({ status: refusal.status, reason: refusal.message });
  return upgradeInBun(request, server, options, { data, headers }) ? undefined : upgradeRequired();
}

/**
 * Accepts a WebSocket, with the subprotocol that the options choose.
 *
 * @returns false if the request doesn't ask for one
 */
export function upgradeInBun(
  request: Request,
  server: BunUpgradingServer,
  options: SubprotocolOptions,
  { data, headers }: Pick<BunUpgradeOptions, "data" | "headers">,
): boolean {
  if (!request.headers.has(SUBPROTOCOL_HEADER)) {
    return server.upgrade(request, headers === undefined ? { data } : { data, headers });
  }
  const all = new Headers(headers);
  // Bun takes an empty one for none, and a missing one for the first that the client offers.
  if (!all.has(SUBPROTOCOL_HEADER))
    all.set(SUBPROTOCOL_HEADER, subprotocolFor(request, options) ?? "");
  return server.upgrade(request, { data, headers: all });
}
