import type { IncomingMessage } from "node:http";
import type { RpcCompatible } from "@capnweb/core";
import { isSessionHost, type SessionHost } from "@capnweb/core/server";
import { receptionOf } from "../reception-of.ts";
import type { Served, ServedRequest } from "../served.ts";
import type { AttachedRpc, AttachOptions, ContextOptions, UpgradeOptions } from "./options.ts";
import { route, serverOf, type UpgradableServer } from "./router.ts";
import { Upgrades } from "./upgrades.ts";

/**
 * Serves sessions on the WebSockets that clients open on an HTTP server.
 *
 * The defaults suit a server on the public internet: the limits of the profile `"server"`, pages of
 * the same site only (`origins`), pings (`keepAlive`), and a limit for everything that a client can
 * keep open. A refused origin, or a session over the limit, is reported to `onError` once.
 *
 * @typeParam T the client's main object
 * @typeParam C the context that `authorize` gives. TypeScript infers it from an arrow function
 *   whose parameter has a type: `authorize: async (request: IncomingMessage) => …`
 * @param server a server, or an application that has one as `server`, such as Fastify's
 * @param createMain makes the main object of a connection, or a promise of it; the session owns
 *   it. It receives the request, and the client's stub, the session and `authorize`'s context. Its
 *   errors go to `options.onError`, and the connection is closed with 1011
 * @returns the service. Close it to stop serving; the HTTP server stays yours
 * @throws TypeError if `server` is something else, if the path is served already, or for a limit
 *   that doesn't exist
 * @throws NoWebSocketError if the package `ws` isn't installed
 *
 * @example
 * ```ts
 * const server = http.createServer().listen(8080);
 * attachWebSocketRpc(server, () => new Api(), { path: "/api", origins: ["https://app.example"] });
 * ```
 *
 * @example A main object for each user
 * ```ts
 * attachWebSocketRpc<Client, User>(
 *   server,
 *   (request, { client, context }) => new Api(context, client),
 *   {
 *     async authorize(request) {
 *       const user = await userOf(request.headers.authorization);
 *       return user ? { context: user } : { status: 401, reason: "Log in first." };
 *     },
 *   },
 * );
 * ```
 */
export function attachWebSocketRpc<T extends RpcCompatible<T> = undefined>(
  server: UpgradableServer | { readonly server: UpgradableServer },
  createMain: (request: IncomingMessage, served: Served<T>) => unknown,
  options?: AttachOptions<never>,
): AttachedRpc;
/** With a host, such as `RpcHost` of `@capnweb/host`, which decides and makes the main objects. */
export function attachWebSocketRpc(
  server: UpgradableServer | { readonly server: UpgradableServer },
  host: SessionHost,
  options?: UpgradeOptions,
): AttachedRpc;
/** With a context, which `authorize` gives for each request that it accepts. */
export function attachWebSocketRpc<T extends RpcCompatible<T> = undefined, C = unknown>(
  server: UpgradableServer | { readonly server: UpgradableServer },
  createMain: (request: IncomingMessage, served: ServedRequest<T, C>) => unknown,
  options: ContextOptions<C>,
): AttachedRpc;
export function attachWebSocketRpc<T extends RpcCompatible<T>, C>(
  server: UpgradableServer | { readonly server: UpgradableServer },
  createMain: ((request: IncomingMessage, served: ServedRequest<T, C>) => unknown) | SessionHost,
  options: AttachOptions<C> = {},
): AttachedRpc {
  const host = isSessionHost(createMain) ? createMain : receptionOf(createMain, options);
  const upgrades = new Upgrades(host, options);
  const stop = route(serverOf(server), options.path, (request, stream, head) => {
    void upgrades.take(request, stream, head);
  });
  return {
    get size() {
      return host.size;
    },
    close() {
      stop();
      upgrades.close();
    },
  };
}
