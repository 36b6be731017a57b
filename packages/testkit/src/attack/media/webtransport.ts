import { type ClientHttp2Session, type ClientHttp2Stream, connect } from "node:http2";
import { FrameDecoder } from "@capnweb/wire";
import type { Target } from "../target.ts";
import { CAPSULE, CapsuleReader, capsule, readVarint, varint } from "./capsules.ts";
import {
  type Connection,
  type ConnectionEvents,
  Native,
  type Open,
  type Sendable,
} from "./connection.ts";

/** The id of the only stream of a session. */
const STREAM = 1;
/** Bytes that a server takes before it announces its window, if Node doesn't show its settings. */
const FIRST_WINDOW = 16_384;
/** Bytes that a reader allows the server to send. */
const NO_LIMIT = 2 ** 50;
/** Most bytes of a capsule. */
const LONGEST_CAPSULE = 65_536;
/** Most bytes to wait in Node's stream, so that the server's windows decide. */
const MOST_UNSENT = 262_144;

/** Connects over HTTP/2, and requests a session. */
export async function requestSession(
  { wt, localAddress }: Pick<Target, "wt" | "localAddress">,
  signal: AbortSignal,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ session: ClientHttp2Session; stream: ClientHttp2Stream }> {
  const { origin, host, pathname, search } = new URL(wt!);
  const session = connect(origin, { rejectUnauthorized: false, localAddress } as object);
  const destroy = () => session.destroy();
  signal.addEventListener("abort", destroy, { once: true });
  session.once("close", () => signal.removeEventListener("abort", destroy));
  if (signal.aborted) destroy();
  let failure = new Error("the connection was closed before it was open");
  session.on("error", (error) => {
    failure = error;
  });
  await new Promise<void>((resolve, reject) => {
    session.once("remoteSettings", () => resolve());
    session.once("close", () => reject(failure));
  });
  const stream = session.request({
    ":method": "CONNECT",
    ":protocol": "webtransport",
    ":scheme": "https",
    ":authority": host,
    ":path": pathname + search,
    ...headers,
  });
  stream.on("error", () => {});
  return { session, stream };
}

/** Opens a session of WebTransport over HTTP/2, and the stream of an RPC session in it. */
export const openWebTransport: Open = async (target, events, { signal, headers, reads = true }) => {
  const { session, stream } = await requestSession(target, signal, headers);
  const status = await new Promise<number | undefined>((resolve) => {
    stream.once("response", (answer) => resolve(answer[":status"]));
    stream.once("close", () => resolve(undefined));
  });
  if (status !== 200) {
    session.destroy();
    throw new Error(status === undefined ? "the request was reset" : `status ${status}`);
  }
  return new WebTransportConnection(session, stream, events, reads);
};

/** One bidirectional stream in one WebTransport session, on a connection of its own. */
class WebTransportConnection implements Connection {
  readonly #session: ClientHttp2Session;
  readonly #stream: ClientHttp2Stream;
  readonly #queue: Uint8Array[] = [];
  #queued = 0;
  /** Bytes sent on the stream, and bytes that the server takes on it and in total. */
  #sent = 0;
  #maxStreamData = FIRST_WINDOW;
  #maxData = FIRST_WINDOW;

  constructor(
    session: ClientHttp2Session,
    stream: ClientHttp2Stream,
    events: ConnectionEvents,
    reads: boolean,
  ) {
    this.#session = session;
    this.#stream = stream;
    let way = "ended";
    let received = 0;
    const decoder = new FrameDecoder(2 ** 31);
    const reader = new CapsuleReader((type, payload) => {
      if (type === CAPSULE.maxData) this.#maxData = lastInteger(payload);
      else if (type === CAPSULE.maxStreamData) this.#maxStreamData = lastInteger(payload);
      else if (type === CAPSULE.close) way = `${payload.readUInt32BE()} ${payload.subarray(4)}`;
      else if (type === CAPSULE.stream || type === CAPSULE.streamWithFin) {
        const { end } = readVarint(payload, 0)!;
        received += payload.length - end;
        decoder.push(payload.subarray(end), (message) => {
          // An empty frame keeps the connection alive.
          if (message !== "")
            events.message(typeof message === "string" ? message : undefined, received);
          received = 0;
        });
        if (type === CAPSULE.streamWithFin) this.terminate();
      }
      this.#pump();
    });
    stream.on("data", (bytes: Buffer) => reader.push(bytes));
    stream.on("drain", () => this.#pump());
    stream.once("close", () => {
      session.destroy();
      events.closed(way);
    });
    this.#write(CAPSULE.stream, varint(STREAM));
    if (reads) {
      this.#write(CAPSULE.maxData, varint(NO_LIMIT));
      this.#write(CAPSULE.maxStreamData, Buffer.concat([varint(STREAM), varint(NO_LIMIT)]));
    } else stream.pause();
  }

  get isOpen(): boolean {
    return !this.#stream.closed && !this.#stream.destroyed;
  }

  get bufferedAmount(): number {
    return this.#queued + this.#stream.writableLength;
  }

  send(message: Sendable): void {
    if (message instanceof Native) this.#enqueue(message.value as Uint8Array);
    else {
      const isText = typeof message === "string";
      const bytes = isText ? Buffer.from(message) : message;
      const head = Buffer.alloc(4);
      head.writeUInt32BE(isText ? bytes.length : bytes.length + 2 ** 31);
      this.#enqueue(head);
      this.#enqueue(bytes);
    }
    this.#pump();
  }

  #enqueue(bytes: Uint8Array): void {
    this.#queue.push(bytes);
    this.#queued += bytes.length;
  }

  terminate(): void {
    this.#session.destroy();
  }

  /** Sends as many bytes as the server's windows allow. */
  #pump(): void {
    while (this.#queue.length > 0 && this.isOpen && this.#stream.writableLength < MOST_UNSENT) {
      const window = Math.min(this.#maxData, this.#maxStreamData) - this.#sent;
      if (window <= 0) return;
      const first = this.#queue.shift()!;
      const bytes = first.subarray(0, Math.min(window, LONGEST_CAPSULE));
      if (bytes.length < first.length) this.#queue.unshift(first.subarray(bytes.length));
      this.#queued -= bytes.length;
      this.#sent += bytes.length;
      this.#write(CAPSULE.stream, Buffer.concat([varint(STREAM), bytes]));
    }
  }

  #write(type: number, payload: Uint8Array): void {
    this.#stream.write(capsule(type, payload));
  }
}

/** The last integer of a capsule. */
function lastInteger(payload: Buffer): number {
  let last = readVarint(payload, 0)!;
  for (let next = readVarint(payload, last.end); next; next = readVarint(payload, last.end)) {
    last = next;
  }
  return last.value;
}
