import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { RpcSession, Transport } from "@capnweb/core";
import { probe } from "@capnweb/core/probe";
import type { Session } from "@capnweb/testkit";
import {
  type CutRun,
  type CuttingProxy,
  cuttingProxy,
  type ProxyConnection,
  type ProxyCut,
} from "@capnweb/testkit/proxy";
import { WebSocketPushTransport } from "@capnweb/transport-ws";
import { WebSocket, WebSocketServer } from "ws";
import type { Implementation } from "./implementation.ts";

/** Both ends of a transport around transports. */
export interface Ends {
  /** Makes the client's transport. `open` opens a connection, each time it is called. */
  client(open: () => Transport): Transport;
  /**
   * Accepts a connection of a client.
   *
   * @returns the transport of a new session; `undefined` if an earlier session goes on
   */
  accept(transport: Transport): Promise<Transport | undefined>;
}

/** A program that uses a session. It is made for one run. */
export interface Program {
  readonly implementation: Implementation;
  /** Makes the server's main object. */
  createMain(): unknown;
  /**
   * Runs the program.
   *
   * @param settle resolves when everything that was sent before has had its effects
   * @returns everything that a user could notice
   */
  run(api: any, settle: () => Promise<void>): Promise<unknown>;
}

type TransportParameters = ConstructorParameters<typeof WebSocketPushTransport>;

/** Options of both sides' transports under {@link SessionsOverProxy}. */
export interface SocketOptions extends NonNullable<TransportParameters[1]> {
  /** Changes a socket before a transport gets it. */
  readonly disguise?: ((socket: WebSocket) => TransportParameters[0]) | undefined;
}

/** Round trips that cover the effects of the messages before them. */
const ROUND_TRIPS = 3;

/** A WebSocket server behind a proxy, for one program after another. */
export class SessionsOverProxy {
  readonly #ends: Ends;
  readonly #options: SocketOptions;
  readonly #server: WebSocketServer;
  #proxy!: CuttingProxy;
  #program: Program | undefined;
  #session: Session | undefined;
  #cut: ProxyCut | undefined;
  /** The first connection of the program. */
  #first: ProxyConnection | undefined;

  private constructor(ends: Ends, options: SocketOptions, server: WebSocketServer) {
    this.#ends = ends;
    this.#options = options;
    this.#server = server;
  }

  static async start(ends: Ends, options: SocketOptions = {}): Promise<SessionsOverProxy> {
    const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
    await once(server, "listening");
    const started = new SessionsOverProxy(ends, options, server);
    server.on("connection", (socket) => void started.#accept(socket));
    const { port } = server.address() as AddressInfo;
    started.#proxy = await cuttingProxy({
      target: `ws://127.0.0.1:${port}/`,
      onConnection: (connection) => started.#opened(connection),
    });
    return started;
  }

  async stop(): Promise<void> {
    await this.#proxy.close();
    for (const socket of this.#server.clients) socket.terminate();
    this.#server.close();
  }

  /** Runs a program. Its first connection is cut at the given place. */
  async run(program: Program, cut: ProxyCut | undefined): Promise<CutRun> {
    const { count } = this.#proxy;
    this.#program = program;
    this.#cut = cut;
    this.#first = undefined;
    const transport = this.#ends.client(() => this.#socket(new WebSocket(this.#proxy.url)));
    const client = new program.implementation.RpcSession(transport);
    const settle = async () => {
      for (let i = 0; i < ROUND_TRIPS; i++) await probe(client as unknown as RpcSession);
    };
    const api: any = client.getRemoteMain();
    try {
      const result = await program.run(api, settle);
      await settle();
      // The pings of a keep-alive may be under way.
      const isQuiet = !this.#options.keepAlive;
      const stats = isQuiet && [client.getStats(), this.#session!.getStats()];
      return {
        outcome: JSON.stringify({ result, stats }),
        messages: {
          client: this.#first!.sentBy("client").messages,
          server: this.#first!.sentBy("server").messages,
        },
        isCut: this.#proxy.count > count + 1,
      };
    } finally {
      api[Symbol.dispose]();
      if (cut?.kind === "stall") this.#resetFirst();
      for (const connection of this.#proxy.connections) await connection.closed;
    }
  }

  /** The proxy doesn't notice that both sides have left a connection that stalls. */
  #resetFirst(): void {
    this.#first?.cut("reset");
  }

  #opened(connection: ProxyConnection): void {
    if (this.#first) return;
    this.#first = connection;
    if (this.#cut) connection.cutAt(this.#cut);
  }

  #socket(socket: WebSocket): Transport {
    const { disguise, ...options } = this.#options;
    return new WebSocketPushTransport(disguise?.(socket) ?? socket, options);
  }

  async #accept(socket: WebSocket): Promise<void> {
    const { implementation, createMain } = this.#program!;
    try {
      const transport = await this.#ends.accept(this.#socket(socket));
      if (transport) this.#session = new implementation.RpcSession(transport, createMain());
    } catch {
      // The connection was cut before it said anything; the client connects again.
    }
  }
}
