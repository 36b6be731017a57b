import type { IncomingMessage, ServerResponse } from "node:http";
import { type ListenableServer, listenFirst } from "@capnweb/transport-ws/node";

/** A server that answers requests, of `node:http` or `node:https`. */
export interface RequestServer extends ListenableServer {}

/**
 * Answers a request, now or later.
 *
 * @returns false for a request that is left to others
 */
export type RequestRoute = (request: IncomingMessage, response: ServerResponse) => boolean;

/**
 * Answers some of the requests of a server. Routes are asked in the order in which they were added.
 * A request that a route takes doesn't reach the listeners that the server had before, such as the
 * application of a framework, which would answer it too. A request that no route takes goes to
 * them, and is answered with 404 if the server has no other listener. A listener that is added
 * later gets every request.
 *
 * @param server a server; it stays yours
 * @returns a function that removes the route. Idempotent
 *
 * @example
 * ```ts
 * const remove = routeRequests(server, ({ url }, response) => {
 *   if (url !== "/version") return false;
 *   response.end("1.0.0");
 *   return true;
 * });
 * ```
 */
export function routeRequests(server: RequestServer, route: RequestRoute): () => void {
  let router = routers.get(server);
  if (!router) {
    router = new Router(server);
    routers.set(server, router);
  }
  router.add(route);
  return () => router.delete(route);
}

/**
 * The routes of a server, and the listener that they share. Two listeners would each take the other
 * for one that answers.
 */
class Router {
  readonly #server: RequestServer;
  readonly #routes = new Set<RequestRoute>();
  #stop: (() => void) | undefined;

  constructor(server: RequestServer) {
    this.#server = server;
  }

  add(route: RequestRoute): void {
    this.#routes.add(route);
    this.#stop ??= listenFirst(this.#server, "request", this.#take, answerNotFound);
  }

  delete(route: RequestRoute): void {
    if (!this.#routes.delete(route) || this.#routes.size > 0) return;
    this.#stop?.();
    this.#stop = undefined;
  }

  readonly #take: RequestRoute = (request, response) => {
    for (const route of this.#routes) if (route(request, response)) return true;
    return false;
  };
}

function answerNotFound(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(404, { "Content-Type": "text/plain" }).end("Not found.\n");
}

const routers = new WeakMap<RequestServer, Router>();
