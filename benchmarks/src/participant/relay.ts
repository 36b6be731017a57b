import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { WebSocket, WebSocketServer } from "ws";
import type { Traffic } from "./functions.ts";

/** Milliseconds without a frame after which nothing is in flight. */
const QUIET = 40;

/** Relays between clients and a server on the loopback interface, and counts the traffic. */
export class Relay {
  readonly port: number;
  #messages = 0;
  #frames = 0;
  #bytes = 0;
  #last = 0;

  /** @param port the server's port */
  static async start(port: number): Promise<Relay> {
    const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
    await once(server, "listening");
    return new Relay(server, port);
  }

  private constructor(server: WebSocketServer, port: number) {
    this.port = (server.address() as AddressInfo).port;
    server.on("connection", (client, request) => {
      const upstream = new WebSocket(`ws://127.0.0.1:${port}${request.url}`);
      const opened = once(upstream, "open");
      client.on("message", async (data: Buffer, isBinary) => {
        this.#count(data, isBinary);
        if (upstream.readyState !== WebSocket.OPEN) await opened;
        upstream.send(data, { binary: isBinary });
      });
      upstream.on("message", (data: Buffer, isBinary) => {
        this.#count(data, isBinary);
        client.send(data, { binary: isBinary });
      });
      client.on("close", () => upstream.close());
      upstream.on("close", () => client.close());
    });
  }

  /** The traffic so far, once nothing is in flight. */
  async traffic(): Promise<Traffic> {
    this.#last = performance.now();
    while (performance.now() - this.#last < QUIET) {
      await new Promise((resolve) => setTimeout(resolve, QUIET / 4));
    }
    return { messages: this.#messages, frames: this.#frames, bytes: this.#bytes };
  }

  #count(data: Buffer, isBinary: boolean): void {
    const messages = isBinary ? 1 : String(data).split("\n").length;
    this.#messages += messages;
    this.#frames++;
    this.#bytes += data.length - (messages - 1);
    this.#last = performance.now();
  }
}
