import { connect as connectTcp, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { WebSocket } from "ws";
import { ConformanceError } from "./errors.ts";

/** Bytes in a fragment of a short message. Odd, so that characters are cut. */
const FRAGMENT = 7;
/** Most fragments of a message. */
const MOST_FRAGMENTS = 50;

/** Sends messages in fragments, with pings between them. */
export class FragmentSender {
  readonly #socket: WebSocket;
  #pings = 0;
  #pongs = 0;
  #check: () => void = () => {};

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on("pong", () => {
      this.#pongs++;
      this.#check();
    });
  }

  send(text: string): void {
    const bytes = Buffer.from(text);
    const size = Math.max(FRAGMENT, Math.ceil(bytes.length / MOST_FRAGMENTS));
    for (let at = 0; at < bytes.length; at += size) {
      this.#socket.send(bytes.subarray(at, at + size), { binary: false, fin: false });
      if (at === 0) {
        this.#pings++;
        this.#socket.ping();
      }
    }
    this.#socket.send(Buffer.alloc(0), { binary: false, fin: true });
  }

  /** @throws ConformanceError unless the peer answers a ping within `timeout` milliseconds */
  async check(timeout: number): Promise<void> {
    const isOver = () =>
      this.#pings === 0 || this.#pongs > 0 || this.#socket.readyState !== this.#socket.OPEN;
    if (isOver()) return;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new ConformanceError(`expected a pong; nothing came for ${timeout} ms`));
      }, timeout);
      const settle = () => {
        clearTimeout(timer);
        resolve();
      };
      this.#check = settle;
      this.#socket.once("close", settle);
    });
  }
}

/**
 * Connects a socket that sends each byte in a packet of its own.
 *
 * @param options the options that `ws` passes to its `createConnection`
 */
export function connectBytewise(options: any, isSecure: boolean): Socket {
  const { host, port, servername, timeout } = options;
  const name = servername ?? (isIP(host) ? "" : host);
  const socket = isSecure
    ? connectTls({ ...options, path: undefined, servername: name })
    : connectTcp({ host, port, timeout });
  socket.setNoDelay(true);
  const write = socket.write.bind(socket) as (data: Uint8Array) => boolean;
  const end = socket.end.bind(socket);
  let written: Promise<void> = Promise.resolve();
  socket.cork = () => {};
  socket.write = ((data: Uint8Array | string, ...rest: unknown[]) => {
    const callback = rest.find((each) => typeof each === "function") as (() => void) | undefined;
    written = written.then(async () => {
      for (const byte of Buffer.from(data as Uint8Array)) {
        if (socket.destroyed) return;
        write(Buffer.of(byte));
        await new Promise((resolve) => setImmediate(resolve));
      }
      callback?.();
    });
    return true;
  }) as typeof socket.write;
  socket.end = ((...args: Parameters<typeof end>) => {
    void written.then(() => end(...args));
    return socket;
  }) as typeof socket.end;
  return socket;
}
