import {
  type RpcCompatible,
  type RpcSessionOptions,
  type RpcStub,
  resolveLimits,
  startSession,
  type Transport,
} from "@capnweb/core";
import { CLOSE_CODES, closeInfo } from "./close-info.ts";
import { NoWebTransportError } from "./errors.ts";
import { acceptStream, connectionOf, DEFAULT_OPEN_TIMEOUT, openStream } from "./open.ts";
import { type ByteStreamOptions, frameLimits, SERVER_MAX_BUFFERED_AMOUNT } from "./options.ts";
import type {
  AcceptedWebTransportLike,
  ByteStreams,
  CertificateHash,
  Connection,
  WebTransportLike,
} from "./shapes.ts";
import { ByteStreamTransport } from "./transport.ts";

/** Options of a session over WebTransport. */
export interface WebTransportSessionOptions
  extends RpcSessionOptions,
    Omit<ByteStreamOptions, "maxMessageBytes" | "maxProcessHeldBytes"> {
  /** Milliseconds that opening the session and its stream may take. Default 10,000. */
  openTimeout?: number | undefined;
  /**
   * Certificates that the server may have instead of a generally trusted one. Only for a URL. Each
   * has an elliptic curve key (P-256), and is valid for at most two weeks; see
   * `@capnweb/transport-webtransport/dev-certificate`.
   */
  serverCertificateHashes?: readonly CertificateHash[] | undefined;
}

/** Options of `webTransportTransport()`: those of a session that concern its transport. */
export interface WebTransportTransportOptions
  extends Omit<ByteStreamOptions, "maxMessageBytes" | "maxProcessHeldBytes">,
    Pick<WebTransportSessionOptions, "limits" | "openTimeout" | "serverCertificateHashes"> {
  /** Gives the attempt up when it aborts. Afterwards, it has no effect on the connection. */
  signal?: AbortSignal | undefined;
}

/** A `WebTransport` class. */
export type WebTransportClass = new (
  url: string,
  options?: { serverCertificateHashes: CertificateHash[] },
) => WebTransportLike;

/**
 * Starts a session over WebTransport, as the client, or over a pair of byte streams, on either
 * side.
 *
 * @param webTransport a URL to connect to (`https:`); or a `WebTransport`, open or connecting, on
 *   which the session opens one stream; or a pair of byte streams. The session owns it, and closes
 *   it when the session ends
 * @param localMain the peer's main object; the session owns it
 * @returns the stub of the peer's main object. Calls may be made at once: they wait for the
 *   connection. Disposing of the stub ends the session
 * @throws NoWebTransportError for a URL where the runtime has no `WebTransport` (in Node, use the
 *   entry `@capnweb/transport-webtransport/node`); the error of its constructor for an invalid URL
 *
 * @example
 * ```ts
 * using api = newWebTransportRpcSession<Api>("https://example.com/api");
 * console.log(await api.greet("world"));
 * ```
 */
export function newWebTransportRpcSession<T extends RpcCompatible<T> = undefined>(
  webTransport: string | URL | WebTransportLike | ByteStreams,
  localMain?: unknown,
  options: WebTransportSessionOptions = {},
): RpcStub<T> {
  const connection =
    typeof webTransport === "string" || webTransport instanceof URL
      ? open(newWebTransport(webTransport, options), options)
      : connectionTo(webTransport, options);
  return startSession<T>(transportOn(connection, options), localMain, options);
}

/**
 * Starts a session on a `WebTransport` that a server accepted, on the first stream that the client
 * opens. It suits servers whose sessions follow the W3C's API. In Node, use `serveWebTransportRpc`
 * of `@capnweb/transport-webtransport/node`.
 *
 * @param session an accepted session. The RPC session owns it, and closes it when it ends
 * @param localMain the client's main object; the RPC session owns it
 * @returns the stub of the client's main object. Disposing of it ends the session
 *
 * @example
 * ```ts
 * const session = await Deno.upgradeWebTransport(connection);
 * acceptWebTransportRpcSession(session, new Api());
 * ```
 */
export function acceptWebTransportRpcSession<T extends RpcCompatible<T> = undefined>(
  session: AcceptedWebTransportLike,
  localMain?: unknown,
  options: WebTransportSessionOptions = {},
): RpcStub<T> {
  const serving = servingOptions(options);
  const connection = acceptStream(session, serving.openTimeout);
  return startSession<T>(transportOn(connection, serving), localMain, serving);
}

/**
 * Opens a WebTransport, for a session that you start yourself, or that `@capnweb/reconnect` starts.
 *
 * @param webTransport a URL of `https:`, or a `WebTransport`, open or connecting
 * @param options `limits` are those of the session that the transport is for
 * @returns the transport, once its stream is open. The session that gets it owns it
 * @throws NoWebTransportError where the runtime has no `WebTransport` (in Node, use the entry
 *   `@capnweb/transport-webtransport/node`)
 * @throws WebTransportClosedError if it can't be opened, or not in time
 * @throws the signal's reason, if it aborts before the stream is open
 *
 * @example
 * ```ts
 * const connection = connect<Api>({
 *   open: ({ signal }) => webTransportTransport("https://example.com/api", { signal }),
 * });
 * ```
 */
export async function webTransportTransport(
  webTransport: string | URL | WebTransportLike,
  options: WebTransportTransportOptions = {},
): Promise<Transport> {
  options.signal?.throwIfAborted();
  const isUrl = typeof webTransport === "string" || webTransport instanceof URL;
  const session = isUrl ? newWebTransport(webTransport, options) : webTransport;
  return openedTransport(open(session, options), options);
}

/** The transport of a connection, once that is open. */
export async function openedTransport(
  opening: Promise<Connection>,
  options: WebTransportTransportOptions,
): Promise<Transport> {
  const { signal } = options;
  const connection = await new Promise<Connection>((resolve, reject) => {
    const abort = () => {
      reject(signal!.reason);
      const info = closeInfo(CLOSE_CODES.goingAway, signal!.reason);
      opening.then(
        (late) => late.close(info),
        () => {},
      );
    };
    signal?.addEventListener("abort", abort, { once: true });
    opening.then(resolve, reject).finally(() => signal?.removeEventListener("abort", abort));
  });
  return transportOn(connection, options);
}

/** A session's options, with the defaults of servers filled in. */
export function servingOptions<O extends WebTransportSessionOptions>(options: O) {
  const openTimeout = options.openTimeout ?? DEFAULT_OPEN_TIMEOUT;
  return {
    ...options,
    limits: resolveLimits(options.limits, "server"),
    // The client opened the connection, so it speaks first.
    announce: options.announce ?? ("reply" as const),
    openTimeout,
    firstBytesTimeout: options.firstBytesTimeout ?? openTimeout,
    maxBufferedAmount: options.maxBufferedAmount ?? SERVER_MAX_BUFFERED_AMOUNT,
  };
}

/** The transport of a session on a connection that is open or opening. */
export function transportOn(
  connection: Connection | PromiseLike<Connection>,
  options: WebTransportTransportOptions,
): ByteStreamTransport {
  return new ByteStreamTransport(connection, { ...options, ...frameLimits(options.limits) });
}

/** Connects as `newWebTransportRpcSession` does, to anything but a URL. */
export function connectionTo(
  webTransport: WebTransportLike | ByteStreams,
  options: WebTransportSessionOptions,
): Connection | Promise<Connection> {
  return "readable" in webTransport ? connectionOf(webTransport) : open(webTransport, options);
}

function open(
  session: WebTransportLike,
  options: Pick<WebTransportSessionOptions, "openTimeout">,
): Promise<Connection> {
  return openStream(session, options.openTimeout ?? DEFAULT_OPEN_TIMEOUT);
}

function newWebTransport(
  url: string | URL,
  { serverCertificateHashes: hashes }: Pick<WebTransportSessionOptions, "serverCertificateHashes">,
): WebTransportLike {
  const { WebTransport } = globalThis as { WebTransport?: WebTransportClass };
  if (typeof WebTransport !== "function") {
    throw new NoWebTransportError(
      "This runtime has no WebTransport. In Node, import from " +
        "@capnweb/transport-webtransport/node; elsewhere pass a session, or a pair of byte " +
        "streams, instead of a URL.",
    );
  }
  return new WebTransport(
    `${url}`,
    hashes === undefined ? undefined : { serverCertificateHashes: [...hashes] },
  );
}
