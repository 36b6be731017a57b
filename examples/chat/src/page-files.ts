import type { ServerResponse } from "node:http";
import { fileURLToPath } from "node:url";
import { type RequestRoute, routeRequests } from "@capnweb/host/node";
import sirv from "sirv";

const BUILT = fileURLToPath(new URL("../dist", import.meta.url));

/** The page loads nothing from elsewhere, and no other page may frame it. */
const POLICY = "default-src 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'";

/** Answers each request that no other route takes with a file of the built page. */
export function servePage(server: Parameters<typeof routeRequests>[0]): void {
  const serve = sirv(BUILT, {
    setHeaders(response: ServerResponse) {
      response.setHeader("Content-Security-Policy", POLICY);
      response.setHeader("X-Content-Type-Options", "nosniff");
    },
  });
  const route: RequestRoute = (request, response) => {
    serve(request, response, () => void response.writeHead(404).end("Not found.\n"));
    return true;
  };
  routeRequests(server, route);
}
