import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { ProxyConnection } from "./connection.ts";
import type { CutKind } from "./cut.ts";

/** The address of a server: a URL, or a host and a port. */
export type ProxyTarget =
  | string
  | URL
  | { readonly host?: string | undefined; readonly port: number };

/** Options of {@link cuttingProxy}. */
export interface CuttingProxyOptions {
  /** The server that connections are forwarded to. */
  readonly target: ProxyTarget;
  /** The port to listen on. Default: any that is free. */
  readonly port?: number | undefined;
  /** The address to listen on. Default 127.0.0.1. */
  readonly host?: string | undefined;
  /** Milliseconds that bytes are under way, in each direction. Default 0. */
  readonly latency?: number | undefined;
  /**
   * Called with each connection before anything of it is forwarded: the place to call `cutAt`.
   */
  readonly onConnection?: ((connection: ProxyConnection) => void) | undefined;
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = {
  "ws:": 80,
  "http:": 80,
  "wss:": 443,
  "https:": 443,
};

/**
 * Starts a TCP proxy that cuts, stalls, delays and refuses connections, for tests of clients and
 * servers on real sockets. It carries WebSockets, HTTP/1.1, HTTP/2 and TLS, and changes no byte. It
 * finds the messages of WebSockets without TLS, so that a test can cut at each of them.
 *
 * @returns the proxy, which listens. Close it
 * @throws TypeError for a target that isn't an address
 * @throws the error of the port, for example if it is in use
 *
 * @example
 * ```ts
 * import { cuttingProxy } from "@capnweb/testkit/proxy";
 *
 * const proxy = await cuttingProxy({
 *   target: "ws://127.0.0.1:8787/api",
 *   // The second message of the server's first connection arrives in part.
 *   onConnection(connection) {
 *     if (connection.number > 1) return;
 *     connection.cutAt({ from: "server", message: 2, at: "within", kind: "reset" });
 *   },
 * });
 * const client = connectTo(proxy.url);
 * await (await proxy.nextConnection()).closed;
 * await proxy.close();
 * ```
 */
export async function cuttingProxy(options: CuttingProxyOptions): Promise<CuttingProxy> {
  const proxy = new CuttingProxy(options);
  await proxy.accept();
  return proxy;
}

/** A proxy of {@link cuttingProxy}. */
export class CuttingProxy {
  readonly #options: CuttingProxyOptions;
  readonly #connections = new Set<ProxyConnection>();
  readonly #pending = new Set<Socket>();
  #server: Server | undefined;
  #address: AddressInfo | undefined;
  #target: { readonly host: string; readonly port: number };
  #count = 0;
  #waiting: ((connection: ProxyConnection) => void)[] = [];
  /** Milliseconds that bytes which arrive from now on are under way, in each direction. */
  latency: number;

  /** Used by {@link cuttingProxy}, which also has it listen. */
  constructor(options: CuttingProxyOptions) {
    this.#options = options;
    this.#target = addressOf(options.target);
    this.latency = options.latency ?? 0;
  }

  /** The port that the proxy listens on. */
  get port(): number {
    return this.#address!.port;
  }

  /** The URL at which clients reach the target through the proxy; TCP's if the target has none. */
  get url(): string {
    const { target } = this.#options;
    const host = `${this.#options.host ?? "127.0.0.1"}:${this.port}`;
    if (typeof target !== "string" && !(target instanceof URL)) return `tcp://${host}`;
    const { protocol, pathname, search } = new URL(target);
    return `${protocol}//${host}${pathname}${search}`;
  }

  /** The connections that are open, oldest first. */
  get connections(): readonly ProxyConnection[] {
    return [...this.#connections];
  }

  /** The number of connections that were ever opened. */
  get count(): number {
    return this.#count;
  }

  /** Resolves with the next connection that is opened. */
  nextConnection(): Promise<ProxyConnection> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Cuts all connections now; see {@link ProxyConnection.cut}. */
  cut(kind?: CutKind): void {
    for (const each of this.#connections) each.cut(kind);
  }

  /** Stops forwarding on all connections, while their sockets stay open. */
  stall(): void {
    for (const each of this.#connections) each.stall();
  }

  /** Goes on forwarding on all connections. */
  resume(): void {
    for (const each of this.#connections) each.resume();
  }

  /** Forwards new connections to another server, for example the successor of one. */
  retarget(target: ProxyTarget): void {
    this.#target = addressOf(target);
  }

  /**
   * Refuses new connections, as if no server ran. Open ones go on. Resolves once the port is
   * closed.
   */
  async refuse(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (!server) return;
    // Its event waits for the connections, which go on.
    server.close();
    for (const socket of this.#pending) socket.destroy();
  }

  /**
   * Accepts connections again, at the same port.
   *
   * @throws the error of the port, for example if something else uses it now
   */
  async accept(): Promise<void> {
    if (this.#server) return;
    const server = createServer({ allowHalfOpen: true }, (socket) => this.#connected(socket));
    this.#server = server;
    const port = this.#address?.port ?? this.#options.port ?? 0;
    server.listen(port, this.#options.host ?? "127.0.0.1");
    await once(server, "listening");
    this.#address = server.address() as AddressInfo;
  }

  /** Stops listening, resets all connections, and resolves once they are closed. Idempotent. */
  async close(): Promise<void> {
    await this.refuse();
    this.cut("reset");
    await Promise.all(this.connections.map(({ closed }) => closed));
  }

  #connected(client: Socket): void {
    this.#pending.add(client);
    const server = connect({ ...this.#target, allowHalfOpen: true });
    for (const socket of [client, server]) socket.setNoDelay();
    const failed = () => {
      this.#pending.delete(client);
      client.resetAndDestroy();
      server.destroy();
    };
    client.once("error", failed);
    client.once("close", failed);
    server.once("error", failed);
    server.once("connect", () => {
      for (const socket of [client, server]) socket.off("error", failed);
      client.off("close", failed);
      if (this.#pending.delete(client)) this.#opened(client, server);
      else server.destroy();
    });
  }

  #opened(client: Socket, server: Socket): void {
    const connection = new ProxyConnection(++this.#count, client, server, () => this.latency);
    this.#connections.add(connection);
    void connection.closed.then(() => this.#connections.delete(connection));
    this.#options.onConnection?.(connection);
    for (const resolve of this.#waiting.splice(0)) resolve(connection);
  }
}

function addressOf(target: ProxyTarget): { host: string; port: number } {
  if (typeof target === "object" && !(target instanceof URL)) {
    return { host: target.host ?? "127.0.0.1", port: target.port };
  }
  const url = URL.canParse(String(target)) ? new URL(target) : undefined;
  const port = Number(url?.port) || DEFAULT_PORTS[url?.protocol ?? ""];
  if (!url?.hostname || !port) {
    throw new TypeError(`"${String(target)}" isn't the address of a server: ws://localhost:8787/`);
  }
  return { host: url.hostname.replace(/^\[|\]$/g, ""), port };
}
