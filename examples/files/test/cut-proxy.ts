import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { pipeline, Transform } from "node:stream";

type Direction = "up" | "down";

/** A network between clients and a server, which counts bytes and can be cut or held. */
export class CutProxy {
  /** The bytes that have passed to the server, and from it. */
  readonly passed = { up: 0, down: 0 };
  /** True while connections are refused. */
  isDown = false;
  readonly #target: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #cut: { direction: Direction; at: number; done: () => void } | undefined;
  #hold: { direction: Direction; at: number; done: (release: () => void) => void } | undefined;

  private constructor(target: number) {
    this.#target = target;
    this.#server = createServer((socket) => this.#join(socket));
  }

  /** @param target the server's port */
  static async start(target: number): Promise<CutProxy> {
    const proxy = new CutProxy(target);
    proxy.#server.listen(0, "127.0.0.1");
    await once(proxy.#server, "listening");
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Cuts all connections once so many more bytes have passed. They may come back at once. */
  cutAfter(direction: Direction, bytes: number): Promise<void> {
    return new Promise((done) => {
      this.#cut = { direction, at: this.passed[direction] + bytes, done };
    });
  }

  /**
   * Holds back all further bytes of a direction once so many have passed.
   *
   * @returns when it does: a function that lets them pass again
   */
  holdAfter(direction: Direction, bytes: number): Promise<() => void> {
    return new Promise((done) => {
      this.#hold = { direction, at: this.passed[direction] + bytes, done };
    });
  }

  /** Cuts all connections now. */
  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  stop(): void {
    this.cut();
    this.#server.close();
  }

  #join(client: Socket): void {
    if (this.isDown) {
      client.resetAndDestroy();
      return;
    }
    const server = connect(this.#target, "127.0.0.1");
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
    }
    const end = () => {
      client.destroy();
      server.destroy();
    };
    pipeline(client, this.#counter("up"), server, end);
    pipeline(server, this.#counter("down"), client, end);
  }

  #counter(direction: Direction): Transform {
    return new Transform({
      transform: (chunk: Buffer, _encoding, pass) => {
        this.passed[direction] += chunk.length;
        const cut = this.#cut;
        if (cut?.direction === direction && this.passed[direction] >= cut.at) {
          this.#cut = undefined;
          this.cut();
          cut.done();
          return;
        }
        const hold = this.#hold;
        if (hold?.direction === direction && this.passed[direction] >= hold.at) {
          this.#hold = undefined;
          hold.done(() => pass(null, chunk));
          return;
        }
        pass(null, chunk);
      },
    });
  }
}
