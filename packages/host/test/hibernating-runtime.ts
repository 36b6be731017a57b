import { deserialize, serialize } from "node:v8";
import { onTestFinished, vi } from "vitest";
import { HibernatingSockets, type HostOptions, RpcHost } from "../src/workers.ts";

/** The server's end of a WebSocket of workerd, which outlives its object's memory. */
class ServerSocket {
  readyState = 1;
  readonly #client: ClientSocket;
  #attachment: Uint8Array | undefined;
  readonly runtime: HibernatingRuntime;

  constructor(runtime: HibernatingRuntime, client: ClientSocket) {
    this.runtime = runtime;
    this.#client = client;
  }

  send(data: string | Uint8Array): void {
    queueMicrotask(() => this.#client.receive(data));
  }

  close(code = 1000, reason = ""): void {
    if (this.readyState === 3) throw new Error("The WebSocket is closed.");
    this.readyState = 3;
    queueMicrotask(() => {
      this.#client.closed(code, reason);
      // The client has answered the close.
      this.runtime.object.close(this, code, reason);
    });
  }

  serializeAttachment(value: unknown): void {
    const bytes = serialize(value);
    if (bytes.length > 2048) throw new Error("The attachment is longer than 2048 bytes.");
    this.#attachment = bytes;
  }

  deserializeAttachment(): unknown {
    return this.#attachment ? deserialize(this.#attachment) : null;
  }
}

/** The client's end. */
export class ClientSocket {
  readyState = 1;
  server!: ServerSocket;
  readonly #listeners = new Map<string, ((event: any) => void)[]>();
  /** The events before the response has been read, and the client listens. */
  #early: (() => void)[] | undefined = [];

  addEventListener(type: string, listener: (event: any) => void): void {
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener]);
    queueMicrotask(() => {
      const early = this.#early ?? [];
      this.#early = undefined;
      for (const each of early) each();
    });
  }

  dispatch(type: string, event: object): void {
    for (const listener of this.#listeners.get(type) ?? []) listener(event);
  }

  receive(data: unknown): void {
    if (this.#early) this.#early.push(() => this.receive(data));
    else if (this.readyState === 1) this.dispatch("message", { data });
  }

  send(data: string): void {
    if (this.readyState !== 1) return;
    const { server } = this;
    queueMicrotask(() => server.runtime.object.message(server, data));
  }

  close(code = 1000, reason = ""): void {
    if (this.readyState === 3) return;
    this.closed(code, reason);
    const { server } = this;
    queueMicrotask(() => server.runtime.object.close(server, code, reason));
  }

  closed(code: number, reason: string): void {
    if (this.#early) this.#early.push(() => this.closed(code, reason));
    if (this.#early || this.readyState === 3) return;
    this.readyState = 3;
    this.dispatch("close", { code, reason });
  }
}

/** A response that may have the status 101, which Node's can't. */
class AnyResponse {
  readonly status: number;
  readonly webSocket: unknown;
  readonly body: unknown;
  constructor(body: unknown, init: { status?: number; webSocket?: unknown } = {}) {
    this.body = body;
    this.status = init.status ?? 200;
    this.webSocket = init.webSocket;
  }
}

/** A runtime with one Durable Object, whose memory it drops on demand. */
export class HibernatingRuntime {
  readonly #options: HostOptions;
  #object: HibernatingSockets | undefined;
  host!: RpcHost<any, any>;
  /** The WebSockets that the object accepted, in any memory. */
  readonly sockets = new Set<ServerSocket>();
  /** The number of times that the object was started. */
  starts = 0;

  constructor(options: HostOptions) {
    this.#options = options;
    const runtime = this;
    vi.stubGlobal("Response", AnyResponse);
    vi.stubGlobal(
      "WebSocketPair",
      class {
        readonly 0 = new ClientSocket();
        readonly 1 = new ServerSocket(runtime, this[0]);
        constructor() {
          this[0].server = this[1];
        }
      },
    );
    onTestFinished(() => void vi.unstubAllGlobals());
  }

  get object(): HibernatingSockets {
    if (!this.#object) {
      this.starts++;
      this.host = new RpcHost(this.#options);
      const state = {
        acceptWebSocket: (socket: ServerSocket) => void this.sockets.add(socket),
        getWebSockets: () => [...this.sockets].filter(({ readyState }) => readyState !== 3),
      };
      this.#object = new HibernatingSockets(state, this.host);
    }
    return this.#object;
  }

  /** Drops the object's memory. */
  hibernate(): void {
    this.#object = undefined;
  }

  /** Asks for a WebSocket. */
  async request(url = "https://room.example/", headers: Record<string, string> = {}) {
    const request = {
      url,
      method: "GET",
      headers: new Headers({ ...headers, upgrade: "websocket" }),
    } as Request;
    return (await this.object.fetch(request)) as unknown as AnyResponse;
  }

  async connect(url?: string): Promise<ClientSocket> {
    return (await this.request(url)).webSocket as ClientSocket;
  }
}
