import type { Socket } from "node:net";
import { type RpcCompatible, type RpcStub, startSession, type Transport } from "@capnweb/core";
import { RefusedRequestError } from "../errors.ts";
import { DEFAULT_OPEN_TIMEOUT, openStream } from "../open.ts";
import {
  connectionTo,
  webTransportTransport as ofAny,
  openedTransport,
  transportOn,
  type WebTransportSessionOptions,
  type WebTransportTransportOptions,
} from "../session.ts";
import type { ByteStreams, CertificateHash, Connection, WebTransportLike } from "../shapes.ts";
import { CLOSE_TIMEOUT } from "./close-timeout.ts";
import { guard, guardVisitor, lossAsRejection } from "./guard.ts";
import { type LibraryClient, loadLibrary, type NativeSession } from "./library.ts";
import { reasonIn } from "./reason.ts";

/**
 * Starts a session as the main entry's function does, but opens a URL with
 * `@fails-components/webtransport`: over HTTP/3 if its native package is installed and the server
 * answers, else over HTTP/2. If the library isn't installed, calls fail with a
 * `NoWebTransportError`.
 *
 * @throws TypeError for text that isn't a URL of `https:`
 *
 * @example
 * ```ts
 * using api = newWebTransportRpcSession<Api>("https://example.com/api");
 * ```
 */
export function newWebTransportRpcSession<T extends RpcCompatible<T> = undefined>(
  webTransport: string | URL | WebTransportLike | ByteStreams,
  localMain?: unknown,
  options: WebTransportSessionOptions = {},
): RpcStub<T> {
  const connection =
    typeof webTransport === "string" || webTransport instanceof URL
      ? connectWebTransport(webTransport, options)
      : connectionTo(webTransport, options);
  return startSession<T>(transportOn(connection, options), localMain, options);
}

/**
 * Connects to a URL, for a transport that you make or wrap yourself.
 *
 * @returns the connection, once its stream is open. Rejects with the reason if it can't be opened
 * @throws TypeError at once, for text that isn't a URL of `https:`
 *
 * @example
 * ```ts
 * const transport = new ByteStreamTransport(connectWebTransport("https://example.com/api"));
 * ```
 */
export function connectWebTransport(
  url: string | URL,
  options: Pick<WebTransportSessionOptions, "openTimeout" | "serverCertificateHashes"> = {},
): Promise<Connection> {
  const { protocol, href } = new URL(url);
  if (protocol !== "https:") {
    throw new TypeError(`WebTransport needs a URL of https:, not of ${protocol} (${href}).`);
  }
  return connect(href, options);
}

/**
 * Opens a WebTransport as the main entry's function does, but a URL with
 * `@fails-components/webtransport`.
 *
 * @param options `limits` are those of the session that the transport is for
 * @returns the transport, once its stream is open. The session that gets it owns it
 * @throws TypeError for text that isn't a URL of `https:`
 * @throws NoWebTransportError if the library isn't installed
 * @throws the reason, if it can't be opened, or if the signal aborts before
 *
 * @example
 * ```ts
 * const transport = await webTransportTransport("https://example.com/api", { signal });
 * const api = startSession<Api>(transport);
 * ```
 */
export async function webTransportTransport(
  webTransport: string | URL | WebTransportLike,
  options: WebTransportTransportOptions = {},
): Promise<Transport> {
  options.signal?.throwIfAborted();
  return typeof webTransport === "string" || webTransport instanceof URL
    ? openedTransport(connectWebTransport(webTransport, options), options)
    : ofAny(webTransport, options);
}

async function connect(
  url: string,
  { openTimeout, serverCertificateHashes: hashes }: WebTransportSessionOptions,
): Promise<Connection> {
  const { WebTransport, hasHttp3 } = await loadLibrary();
  const client = new WebTransport(url, {
    // Without the native package, the library must not look for HTTP/3.
    ...(hasHttp3 ? {} : { forceReliable: true }),
    ...(hashes === undefined ? {} : { serverCertificateHashes: hashes.map(wholeBuffer) }),
  });
  return openStream(adopt(client), openTimeout ?? DEFAULT_OPEN_TIMEOUT);
}

/** A copy with a buffer of its own. The library takes a view for its whole buffer. */
function wholeBuffer({ algorithm, value }: CertificateHash): CertificateHash {
  return { algorithm, value: new Uint8Array(value).slice() };
}

function adopt(client: LibraryClient): WebTransportLike {
  const { sessionint } = client;
  const http2 = sessionint.parentobj.transportInt?.clientInt;
  let socket: Socket | undefined;
  http2?.once("connect", (_, connected) => {
    socket = connected;
  });
  const setSessionObj = sessionint.setSessionObj.bind(sessionint);
  let session: NativeSession | undefined;
  let status: number | undefined;
  let reason = "";
  guardVisitor(sessionint);
  sessionint.setSessionObj = (native, reliable) => {
    session = native;
    guard(native);
    native.stream?.once("response", (headers) => {
      status = headers[":status"];
      reason = reasonIn(headers);
    });
    setSessionObj(native, reliable);
  };
  /** Adds the server's answer, which the library's rejection lacks. */
  const explained = (cause: unknown): never => {
    if (status === undefined || status === 200) throw cause;
    throw new RefusedRequestError(status, reason, { cause });
  };
  return {
    ready: client.ready.then(undefined, explained),
    closed: lossAsRejection(
      client.closed.then((info) => info, explained),
      () => session,
    ),
    createBidirectionalStream: () => client.createBidirectionalStream(),
    close(info) {
      client.close(info);
      // The library waits for data that the peer may never take, and Node for an end that may have
      // gone unnoticed.
      setTimeout(() => {
        http2?.destroy();
        socket?.destroy();
      }, CLOSE_TIMEOUT).unref();
    },
  };
}
