import type { IncomingMessage, ServerResponse } from "node:http";

/** A server that answers requests, of `node:http` or `node:https`. */
export interface RequestServer {
  on(event: any, listener: (...args: any[]) => void): unknown;
  off(event: any, listener: (...args: any[]) => void): unknown;
  listenerCount(event: any): number;
}

/**
 * Answers a request, now or later.
 *
 * @returns false for a request that is left to others
 */
export type RequestRoute = (request: IncomingMessage, response: ServerResponse) => boolean;

/**
 * Answers some of the requests of a server. Routes are asked in the order in which they were added.
 * A request that none of them takes is left to other listeners, and answered with 404 if the server
 * has none. All routes share one listener, because each would take the others for one that answers.
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
  const { routes, listener } = router;
  if (routes.size === 0) server.on("request", listener);
  routes.add(route);
  return () => {
    if (routes.delete(route) && routes.size === 0) server.off("request", listener);
  };
}

/** The routes of a server, and the listener that they share. */
class Router {
  readonly routes = new Set<RequestRoute>();
  readonly listener: (request: IncomingMessage, response: ServerResponse) => void;

  constructor(server: RequestServer) {
    this.listener = (request, response) => {
      for (const route of this.routes) if (route(request, response)) return;
      if (server.listenerCount("request") !== 1) return;
      response.writeHead(404, { "Content-Type": "text/plain" }).end("Not found.\n");
    };
  }
}

const routers = new WeakMap<RequestServer, Router>();
