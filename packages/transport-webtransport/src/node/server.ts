import { randomBytes } from "node:crypto";
import type { Http2SecureServer } from "node:http2";
import { createSecureContext } from "node:tls";
import { DEFAULT_OPEN_TIMEOUT } from "../open.ts";
import { Connections } from "./connections.ts";
import { guard, guardStreams } from "./guard.ts";
import { type LibraryServer, loadLibrary } from "./library.ts";
import type { ServedSession, ServeOptions, WebTransportRpcServer } from "./serve-options.ts";
import { ServedSessions } from "./served-sessions.ts";

const DEFAULT_DRAIN_TIMEOUT = 5_000;

/** Streams that a client may open, of each kind. A session has one; the library takes 0 for its default. */
const STREAMS = 1;

/**
 * Serves sessions over WebTransport: over HTTP/2, and over HTTP/3 too where the native package for it is
 * installed.
 *
 * @param createMain makes the main object of a session; its session owns it
 * @returns the server, once it listens
 * @throws Error if it can't listen, the certificate can't be used, or `@fails-components/webtransport` isn't
 *   installed
 *
 * @example
 * ```ts
 * const server = await serveWebTransportRpc(
 *   { port: 4433, cert, privKey, path: "/api", authorize: ({ headers }) => headers.origin === ORIGIN },
 *   () => new Api(),
 * );
 * ```
 */
export async function serveWebTransportRpc(
  options: ServeOptions,
  createMain: (session: ServedSession) => unknown,
): Promise<WebTransportRpcServer> {
  // The library would say nothing of a certificate that can't be used, and never listen.
  createSecureContext({ cert: options.cert, key: options.privKey });
  const library = await loadLibrary();
  const hasHttp3 = options.http3 ?? library.hasHttp3;
  const sessions = new ServedSessions(options, createMain);
  const server = new library.HttpServer({
    port: options.port,
    host: options.host ?? "localhost",
    // QUIC derives tokens from it; nobody else needs to know it.
    secret: randomBytes(32).toString("hex"),
    cert: options.cert,
    privKey: options.privKey,
    reliability: hasHttp3 ? "both" : "reliableOnly",
    initialBidirectionalStreams: STREAMS,
    initialUnidirectionalStreams: STREAMS,
  });
  const connections = await listen(server, sessions, options);
  let closing: Promise<void> | undefined;

  async function close(drainTimeout: number): Promise<void> {
    server.stopServer();
    await sessions.drain(drainTimeout);
    connections.destroy();
    await server.closed;
  }

  return {
    address: server.address()!,
    hasHttp3,
    get sessionCount() {
      return sessions.size;
    },
    updateCertificate: (cert, privKey) => server.updateCert(cert, privKey, false),
    close(drainTimeout = DEFAULT_DRAIN_TIMEOUT) {
      closing ??= close(drainTimeout);
      return closing;
    },
  };
}

async function listen(
  server: LibraryServer,
  sessions: ServedSessions,
  { openTimeout = DEFAULT_OPEN_TIMEOUT }: ServeOptions,
): Promise<Connections> {
  const visit = server.onHttpWTSessionVisitor.bind(server);
  server.onHttpWTSessionVisitor = (args) => {
    guard(args.session);
    visit(args);
    const { jsobj: session } = args.session;
    if (session === undefined) return;
    guardStreams(session);
    // Both reject for a client that goes before anybody has looked at its session.
    for (const each of [session.ready, session.closed]) each.then(undefined, () => {});
  };
  // Without a callback a client would stall after 16 KiB.
  server.setRequestCallback((request) => sessions.answer(request));
  void accept(server.sessionStream(sessions.path, { noAutoPaths: true }), sessions);
  server.startServer();
  await server.ready;
  return new Connections(http2ServerOf(server), openTimeout, 2 * sessions.maxSize);
}

async function accept(
  accepted: ReadableStream<Parameters<ServedSessions["start"]>[0]>,
  sessions: ServedSessions,
): Promise<void> {
  const reader = accepted.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    sessions.start(next.value);
  }
}

/** The part of the server that is Node's own. */
function http2ServerOf({ transportInt }: LibraryServer): Http2SecureServer {
  const transports = [
    ...(transportInt !== undefined && "transportsInts" in transportInt
      ? transportInt.transportsInts
      : [transportInt]),
  ];
  for (const transport of transports) if (transport?.serverInt) return transport.serverInt;
  throw new Error("This version of @fails-components/webtransport is too new: use 1.6.");
}
