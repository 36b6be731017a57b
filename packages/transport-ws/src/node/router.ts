import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { listenFirst } from "./listen-first.ts";
import { refuse } from "./refuse.ts";

/** Takes a request for a WebSocket. Never throws. */
export type OnUpgrade = (request: IncomingMessage, stream: Duplex, head: Buffer) => void;

/**
 * A server that can serve WebSockets: of `node:http`, `node:https`, or `node:http2` with
 * `allowHTTP1`. `serve` of `@hono/node-server` and `listen` of Express return one. Fastify and
 * others have one as `server`.
 */
export interface UpgradableServer {
  on(event: "upgrade", listener: OnUpgrade): unknown;
  off(event: "upgrade", listener: OnUpgrade): unknown;
  listenerCount(event: "upgrade"): number;
  rawListeners(event: "upgrade"): unknown[];
  /** Returns the address that the server listens on. */
  address(): unknown;
}

/**
 * The services of one server, by path. They share a listener, so that one of them answers requests
 * for other paths.
 */
class Router {
  readonly #server: UpgradableServer;
  readonly #routes = new Map<string | undefined, OnUpgrade>();
  #stop: (() => void) | undefined;

  constructor(server: UpgradableServer) {
    this.#server = server;
  }

  /** @param path `undefined` for every path without a route of its own */
  add(path: string | undefined, onUpgrade: OnUpgrade): void {
    if (this.#routes.has(path)) {
      const paths = path === undefined ? "all paths" : `the path "${path}"`;
      throw new TypeError(
        `WebSockets of ${paths} are served on this server already. ` +
          `Set another "path", or close() the other.`,
      );
    }
    this.#routes.set(path, onUpgrade);
    this.#stop ??= listenFirst(this.#server, "upgrade", this.#take, refuseUnknown);
  }

  remove(path: string | undefined): void {
    if (!this.#routes.delete(path) || this.#routes.size > 0) return;
    this.#stop?.();
    this.#stop = undefined;
  }

  readonly #take = (...args: Parameters<OnUpgrade>): boolean => {
    const route = this.#routes.get(pathOf(args[0])) ?? this.#routes.get(undefined);
    route?.(...args);
    return route !== undefined;
  };
}

/** Refuses a request that no other listener would answer, nor close its connection. */
function refuseUnknown(_request: IncomingMessage, stream: Duplex): void {
  refuse(stream, { status: 404, reason: "There are no WebSockets at this path." });
}

const routers = new WeakMap<UpgradableServer, Router>();

/**
 * Serves the WebSockets of a path.
 *
 * @returns a function that stops serving. Idempotent
 * @throws TypeError if the path is served already
 */
export function route(
  server: UpgradableServer,
  path: string | undefined,
  onUpgrade: OnUpgrade,
): () => void {
  let router = routers.get(server);
  if (!router) {
    router = new Router(server);
    routers.set(server, router);
  }
  router.add(path, onUpgrade);
  let isRouted = true;
  return () => {
    if (isRouted) router.remove(path);
    isRouted = false;
  };
}

/**
 * Finds the server of a framework's application.
 *
 * @throws TypeError if it has none
 */
export function serverOf(
  server: UpgradableServer | { readonly server: UpgradableServer },
): UpgradableServer {
  const inner = (server as { server?: unknown } | undefined)?.server;
  if (isServer(inner)) return inner;
  if (isServer(server)) return server;
  throw new TypeError(
    "WebSockets need a server of node:http, node:https or node:http2: " +
      "the result of app.listen() or serve(), or app.server.",
  );
}

function isServer(value: unknown): value is UpgradableServer {
  const { address, listenerCount } = (value ?? {}) as Partial<UpgradableServer>;
  // Applications of Express and Koa are emitters too, but have no address.
  return typeof address === "function" && typeof listenerCount === "function";
}

function pathOf({ url = "/" }: IncomingMessage): string {
  const query = url.indexOf("?");
  return query < 0 ? url : url.slice(0, query);
}
