/**
 * Protection of the HTTP/2 layer: of Node's server, and of the library's handling of its events.
 */
import {
  constants,
  type Http2SecureServer,
  type Http2Session,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from "node:http2";
import type { TLSSocket } from "node:tls";
import { Rate } from "../rate.ts";

/** Streams that a connection may have open at a time. Each RPC session takes one. */
const MAX_CONCURRENT_STREAMS = 100;

/**
 * Seconds of requests that may come at once. The library takes a millisecond for each, and nobody
 * else has a turn meanwhile.
 */
const REQUEST_BURST = 2;

/** Milliseconds between looks at the bytes that a connection has received. */
const OVERHEAD_INTERVAL = 1_000;

/**
 * Bytes of frames that carry nothing, between two looks: PING, SETTINGS, PRIORITY, WINDOW_UPDATE,
 * empty frames and unknown ones. Node shows few of them, but all the bytes. Flow control takes 100
 * KB at 100 MB/s.
 */
const MAX_OVERHEAD = 1024 * 1024;

type Listener = (...args: any[]) => void;

/**
 * Has a server speak HTTP/2 alone, and cut connections that send more requests or frames than a
 * client has a use for.
 *
 * Node and nghttp2 do a part of it: they bound header blocks, CONTINUATION frames, unread answers
 * to PING and SETTINGS, and the memory of a connection. They bound neither streams per second nor
 * frames that cost no memory.
 *
 * @param maxRequestRate requests per connection and second
 */
export function guardServer(server: Http2SecureServer, maxRequestRate: number): void {
  server.updateSettings({ maxConcurrentStreams: MAX_CONCURRENT_STREAMS });
  wrapListener(server, "secureConnection", (listener) => (socket: TLSSocket) => {
    // Requests of HTTP/1.1 would pile up, because no listener answers them.
    if (socket.alpnProtocol === "h2") listener.call(server, socket);
    else socket.destroy();
  });
  server.on("session", (session) => {
    const requests = new Rate(maxRequestRate, REQUEST_BURST);
    // Those that were reset at once count too.
    session.prependListener("stream", () => {
      if (!requests.take()) cut(session);
    });
    limitOverhead(session);
  });
  wrapListener(server, "stream", (listener) => {
    return (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, ...rest: unknown[]) => {
      stream.on("error", () => {});
      // A stream that was reset with its request: the library would throw.
      if (stream.destroyed || stream.closed) return;
      try {
        listener.call(server, stream, headers, ...rest);
      } catch {
        stream.destroy();
      }
    };
  });
}

function wrapListener(
  server: Http2SecureServer,
  event: string,
  wrap: (listener: Listener) => Listener,
): void {
  const listeners = server.listeners(event) as Listener[];
  server.removeAllListeners(event);
  for (const listener of listeners) server.on(event, wrap(listener));
}

function limitOverhead(session: Http2Session): void {
  const payload: Payload = { bytes: 0 };
  payloads.set(session, payload);
  const { socket } = session;
  let seen = 0;
  const timer = setInterval(() => {
    // The socket can't be looked at any more.
    if (session.destroyed) return;
    const { bytesRead } = socket;
    const overhead = bytesRead - seen - FRAMING * payload.bytes;
    seen = bytesRead;
    payload.bytes = 0;
    if (overhead > MAX_OVERHEAD) cut(session);
  }, OVERHEAD_INTERVAL);
  timer.unref();
  session.once("close", () => clearInterval(timer));
}

/** Most bytes of frames around a byte of payload. */
const FRAMING = 10;

/** The bytes that a connection's streams have brought since the last look. */
export interface Payload {
  bytes: number;
}

const payloads = new WeakMap<Http2Session, Payload>();

/** The counter of the connection that a stream belongs to; of clients, one that is of no use. */
export function payloadOf(stream: object | undefined): Payload {
  const session = (stream as Partial<ServerHttp2Stream> | undefined)?.session;
  return (session && payloads.get(session)) ?? { bytes: 0 };
}

function cut(session: Http2Session): void {
  if (!session.destroyed) session.destroy(undefined, constants.NGHTTP2_ENHANCE_YOUR_CALM);
}
