import type { IncomingMessage, ServerResponse } from "node:http";
import type { SessionRequest } from "@capnweb/core/server";
import { type AttachableServer, RpcHost, routeRequests } from "@capnweb/host/node";
import { attachWebSocketRpc } from "@capnweb/transport-ws/node";
import type { CheckAccess } from "./access.ts";
import { type Inspected, InspectorApi } from "./inspector-api.ts";
import { loadPage, PAGE_HEADERS, type PageFile } from "./page-files.ts";

/** Most pages that watch at once. */
const MOST_PAGES = 32;

/** An inspector's page on a server. */
export interface ServedPage {
  /** Stops serving it, and ends the sessions of its pages. Idempotent. */
  close(): void;
}

/**
 * Serves the inspector's page, and the session that it gets its data by, on an HTTP server.
 *
 * @param path begins with "/" and doesn't end with one
 */
export function servePage(
  server: AttachableServer,
  path: string,
  inspected: Inspected,
  access: CheckAccess,
): ServedPage {
  const files = loadPage();
  const host = new RpcHost({
    authorize: async (request: SessionRequest) => {
      const decision = await access(request);
      return decision === true ? { context: undefined } : decision;
    },
    createMain: () => new InspectorApi(inspected),
    maxSessions: MOST_PAGES,
    maxSessionsPerAddress: MOST_PAGES,
    countTraffic: false,
  });
  const sockets = attachWebSocketRpc(server, host, { path: `${path}/socket` });
  const stop = routeRequests(server, (request, response) => {
    const name = fileOf(request.url ?? "/", path);
    if (name === undefined) return false;
    void answer(host, request, response, name === "" ? undefined : files.get(name), path);
    return true;
  });
  return {
    close() {
      stop();
      sockets.close();
      void host.close();
    },
  };
}

/** The name of the file that a URL asks for; empty for the path itself, without a slash. */
function fileOf(url: string, path: string): string | undefined {
  const [pathname] = url.split("?", 1);
  if (pathname === path) return "";
  if (!pathname!.startsWith(`${path}/`)) return undefined;
  return pathname!.slice(path.length + 1) || "index.html";
}

async function answer(
  host: RpcHost,
  request: IncomingMessage,
  response: ServerResponse,
  file: PageFile | undefined,
  path: string,
): Promise<void> {
  if (request.method !== "GET" && request.method !== "HEAD") {
    end(response, 405, "Use GET.\n", { Allow: "GET, HEAD" });
    return;
  }
  const refusal = await refusalOf(host, request);
  if (refusal) end(response, refusal.status, `${refusal.reason}\n`);
  // Relative URLs in the page need the slash.
  else if (file === undefined && isBare(request, path)) {
    end(response, 308, "", { Location: `${path}/` });
  } else if (!file) end(response, 404, "Not found.\n");
  else {
    response.writeHead(200, { ...PAGE_HEADERS, "Content-Type": file.type });
    response.end(request.method === "HEAD" ? undefined : file.body);
  }
}

function isBare({ url = "/" }: IncomingMessage, path: string): boolean {
  return url === path || url.startsWith(`${path}?`);
}

/** Asks the host whether it would admit the request, but takes no place among its sessions. */
async function refusalOf(host: RpcHost, request: IncomingMessage) {
  const { headers, url = "/", socket } = request;
  let leave = () => {};
  const asked: SessionRequest = {
    medium: "http",
    url,
    headers: { get: (name) => headers[name.toLowerCase()]?.toString() },
    address: socket.remoteAddress,
    source: request,
  };
  const decision = await host.admit(asked, (over) => {
    leave = over;
  });
  leave();
  return decision.status === undefined ? undefined : decision;
}

function end(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  const own = { ...PAGE_HEADERS, "Content-Type": "text/plain; charset=utf-8", ...headers };
  response.writeHead(status, own).end(text);
}
