import type { RpcCompatible } from "@capnweb/core";
import {
  type AdmissionOptions,
  type Admitted,
  isSessionHost,
  NO_HEADERS,
  type Refusal,
  type SessionHost,
} from "@capnweb/core/server";
import { upgradeRequired } from "./accept-web-socket.ts";
import {
  type BunWebSocketEvents,
  type BunWebSocketHandler,
  handlerOf,
  type PayloadOptions,
  Ticket,
} from "./bun-sockets.ts";
import type { BunServerWebSocket } from "./bun-transport.ts";
import { type BunUpgradingServer, upgradeInBun } from "./bun-upgrade.ts";
import { receptionOf } from "./reception-of.ts";
import type { HostedWebSocketOptions } from "./request-handler.ts";
import type { Served } from "./served.ts";
import { withServerDefaults } from "./server-options.ts";
import type { WebSocketSessionOptions } from "./session.ts";
import { takeRequest } from "./take-request.ts";

/** Options of {@link newBunWebSocketRpcHandler}. */
export interface BunWebSocketOptions
  extends WebSocketSessionOptions,
    AdmissionOptions,
    PayloadOptions {}

/** Options of {@link newBunWebSocketRpcHandler} with a host, which has all others. */
export interface HostedBunOptions
  extends HostedWebSocketOptions<[server: BunUpgradingServer]>,
    PayloadOptions {
  /**
   * Receives the events of WebSockets that other code has accepted, such as the routes of a
   * framework: the framework's own value for `websocket`. A server of Bun has one handler for all
   * WebSockets. Default: such a WebSocket is closed with 1011.
   */
  fallback?: BunWebSocketEvents | undefined;
}

/** The value of `websocket` in the options of `Bun.serve`, for a host of sessions. */
export interface HostedBunHandler extends BunWebSocketHandler {
  /**
   * Decides on a request for a WebSocket, and accepts it. Only WebSockets that this method has
   * accepted get a session.
   *
   * @returns a promise of `undefined` if the WebSocket was accepted, otherwise of the response to
   *   return: the status of the refusal, or 426 for a request that doesn't ask for a WebSocket. It
   *   never rejects
   */
  upgrade(request: Request, server: BunUpgradingServer): Promise<Response | undefined>;
}

/**
 * Makes a handler with which `Bun.serve` runs a session on every WebSocket that it accepts. Accept
 * WebSockets with {@link upgradeBunWebSocketRpc}, which checks their origins: the handler can't see
 * them.
 *
 * @param createMain makes the main object of a connection, or a promise of it; the session owns
 *   it. Its errors go to `options.onError`, and the connection is closed with 1011
 * @param options default to the limits of the profile `"server"`
 *
 * @example
 * ```ts
 * Bun.serve({
 *   fetch: (request, server) => upgradeBunWebSocketRpc(request, server),
 *   websocket: newBunWebSocketRpcHandler(() => new Api()),
 * });
 * ```
 */
export function newBunWebSocketRpcHandler<
  W extends BunServerWebSocket,
  T extends RpcCompatible<T> = undefined,
>(
  createMain: (ws: W, served: Served<T>) => unknown,
  options?: BunWebSocketOptions,
): BunWebSocketHandler<W>;
/**
 * With a host, such as `RpcHost` of `@capnweb/host`, which decides and makes the main objects.
 *
 * @example
 * ```ts
 * const websocket = newBunWebSocketRpcHandler(host);
 * Bun.serve({ fetch: (request, server) => websocket.upgrade(request, server), websocket });
 * ```
 */
export function newBunWebSocketRpcHandler(
  host: SessionHost,
  options?: HostedBunOptions,
): HostedBunHandler;
export function newBunWebSocketRpcHandler<
  W extends BunServerWebSocket,
  T extends RpcCompatible<T> = undefined,
>(
  createMain: SessionHost | ((ws: W, served: Served<T>) => unknown),
  options: BunWebSocketOptions & HostedBunOptions = {},
): BunWebSocketHandler<W> | HostedBunHandler {
  if (isSessionHost(createMain)) return hostedHandler(createMain, options);
  const reception = receptionOf<W, T, unknown>(createMain, options);
  return handlerOf<W>(withServerDefaults(options), (ws) => {
    let leave = () => {};
    const { remoteAddress: address } = ws;
    // Without `authorize`, the decision is there at once.
    const decided = reception.admit(
      { medium: "websocket", url: "", headers: NO_HEADERS, address, source: ws },
      (over) => {
        leave = over;
      },
    ) as Refusal | Admitted;
    return new Ticket(decided, leave);
  });
}

function hostedHandler(host: SessionHost, options: HostedBunOptions): HostedBunHandler {
  const own = withServerDefaults({ ...host.options, ...options });
  return {
    ...handlerOf(own, ({ data }) => (data instanceof Ticket ? data : undefined), options.fallback),
    upgrade(request, server) {
      const address = () =>
        options.addressOf
          ? options.addressOf(request, server)
          : server.requestIP?.(request)?.address;
      return takeRequest(host, request, address, own, (decided, leave) => {
        const data = new Ticket(decided, leave);
        if (upgradeInBun(request, server, options, { data })) return undefined;
        leave();
        return upgradeRequired();
      });
    },
  };
}
