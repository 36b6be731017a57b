import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { routeRequests } from "@capnweb/host/node";
import { WebSocketServer } from "ws";
import { Recorder, type RecorderOptions } from "../recording/recorder.ts";
import { isSameOrigin, localOnly } from "../server/access.ts";
import { FeedBudget } from "../server/feed-budget.ts";
import { type ServedPage, servePage } from "../server/serve-page.ts";
import { ProxyRoots } from "./proxy-roots.ts";
import { relay } from "./relay.ts";
import { targetUrl } from "./target-url.ts";

/** Options of {@link inspectorProxy}. */
export interface InspectorProxyOptions extends RecorderOptions {
  /** The port to listen on, on 127.0.0.1. Default: any that is free. */
  readonly port?: number | undefined;
}

const PATH = "/__capnweb";
/** The share of the process's time that pages take. A proxy has little else to do. */
const PAGE_SHARE = 0.25;

/**
 * Starts a proxy between clients and a server, which need not use this library. It records the
 * sessions, and shows them on its page. Clients connect to `url` in place of the server. Only this
 * machine can reach it.
 *
 * @param target the `ws:` or `wss:` URL of the server
 * @returns the proxy, which listens. Close it
 * @throws TypeError for text that isn't such a URL
 * @throws PageMissingError if the package lacks its page
 * @throws the error of the port, for example if it is in use
 *
 * @example
 * ```ts
 * const proxy = await inspectorProxy("ws://localhost:8787/api");
 * console.log(proxy.url, proxy.pageUrl);
 * ```
 */
export async function inspectorProxy(
  target: string,
  options: InspectorProxyOptions = {},
): Promise<InspectorProxy> {
  const url = URL.canParse(target) ? new URL(target) : undefined;
  if (url?.protocol !== "ws:" && url?.protocol !== "wss:") {
    throw new TypeError(`"${target}" isn't the URL of a WebSocket: ws://localhost:8787/api`);
  }
  const proxy = new InspectorProxy(url, options);
  await proxy.listen(options.port ?? 0);
  return proxy;
}

/** A proxy of {@link inspectorProxy}. */
export class InspectorProxy {
  readonly recorder: Recorder;
  readonly #target: URL;
  readonly #server: Server = createServer();
  readonly #sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  readonly #roots: ProxyRoots;
  readonly #page: ServedPage;
  readonly #stopRoute: () => void;
  #clients = 0;

  /** Used by {@link inspectorProxy}, which also has it listen. */
  constructor(target: URL, options: RecorderOptions) {
    this.#target = target;
    this.recorder = new Recorder({ details: false, ...options });
    this.#roots = new ProxyRoots(target.href, this.recorder);
    const description = {
      title: target.href,
      way: "proxy",
      canCall: true,
      hasDetails: false,
    } as const;
    const budget = new FeedBudget(PAGE_SHARE);
    const inspected = { recorder: this.recorder, budget, description, roots: this.#roots };
    this.#page = servePage(this.#server, PATH, inspected, (request) =>
      isSameOrigin(request) ? localOnly(request) : false,
    );
    this.#stopRoute = routeRequests(this.#server, (request, response) => {
      if (request.url !== "/" || request.method !== "GET") return false;
      response.writeHead(302, { Location: `${PATH}/` }).end();
      return true;
    });
    this.#server.on("upgrade", (request, stream, head) => {
      if (request.url?.split("?", 1)[0] === `${PATH}/socket`) return;
      const url = targetUrl(this.#target, request.url ?? "/");
      if (url === undefined) {
        stream.on("error", () => stream.destroy());
        stream.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
        return;
      }
      this.#sockets.handleUpgrade(request, stream, head, (client) => {
        relay(client, request, url, this.#recorderFor(request.url));
      });
    });
  }

  /** The URL for clients in place of the server's. */
  get url(): string {
    const { pathname, search } = this.#target;
    return `ws://127.0.0.1:${this.#port}${pathname}${search}`;
  }

  /** The URL of the page. */
  get pageUrl(): string {
    return `http://127.0.0.1:${this.#port}${PATH}/`;
  }

  get #port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async listen(port: number): Promise<void> {
    this.#server.listen(port, "127.0.0.1");
    await once(this.#server, "listening");
  }

  /** Ends all sessions, and stops listening. Idempotent. */
  async close(): Promise<void> {
    this.#page.close();
    this.#stopRoute();
    this.#roots.dispose();
    for (const client of this.#sockets.clients) client.terminate();
    if (!this.#server.listening) return;
    const closed = once(this.#server, "close");
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  #recorderFor(asked = "/") {
    return this.recorder.open({ label: `client ${++this.#clients}`, medium: asked });
  }
}
