/** Protects the HTTP/2 layer: Node's server, and the library's handling of the server's events. */
import {
  constants,
  type Http2SecureServer,
  type Http2Session,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from "node:http2";
import type { TLSSocket } from "node:tls";
import { Rate } from "../rate.ts";

/** Streams that a connection may have open at once. Each RPC session takes one. */
const MAX_CONCURRENT_STREAMS = 100;

/**
 * Seconds' worth of requests that may come at once. The library takes a millisecond for each, and
 * blocks the thread meanwhile.
 */
const REQUEST_BURST = 2;

/** Milliseconds between checks of the bytes that a connection has received. */
const OVERHEAD_INTERVAL = 1_000;

/**
 * Bytes between two checks in frames that carry nothing: PING, SETTINGS, PRIORITY, WINDOW_UPDATE,
 * empty frames and unknown ones. Node shows few of these frames, but counts their bytes. Flow
 * control takes 100 KB at 100 MB/s.
 */
const MAX_OVERHEAD = 1024 * 1024;

type Listener = (...args: any[]) => void;

/**
 * Makes a server speak HTTP/2 only, and cut connections that send more requests or frames than a
 * client can use.
 *
 * Node and nghttp2 bound header blocks, CONTINUATION frames, unread answers to PING and SETTINGS,
 * and the memory of a connection. They bound neither streams per second nor frames that cost no
 * memory.
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
    // Counts streams that the client reset at once, too.
    session.prependListener("stream", () => {
      if (!requests.take()) cut(session);
    });
    limitOverhead(session);
  });
  wrapListener(server, "stream", (listener) => {
    return (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, ...rest: unknown[]) => {
      stream.on("error", () => {});
      // A client may reset a stream along with its request. The library would throw.
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
    // The socket of a destroyed session can't be read.
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

/** Most bytes of framing for a byte of payload. */
const FRAMING = 10;

/** The payload bytes of a connection's streams since the last check. */
export interface Payload {
  bytes: number;
}

const payloads = new WeakMap<Http2Session, Payload>();

/**
 * The counter of the connection that a stream belongs to. A client's has no counter, so it gets one
 * that is thrown away.
 */
export function payloadOf(stream: object | undefined): Payload {
  const session = (stream as Partial<ServerHttp2Stream> | undefined)?.session;
  return (session && payloads.get(session)) ?? { bytes: 0 };
}

function cut(session: Http2Session): void {
  if (!session.destroyed) session.destroy(undefined, constants.NGHTTP2_ENHANCE_YOUR_CALM);
}
