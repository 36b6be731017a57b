import { randomBytes } from "node:crypto";
import type { EventEmitter } from "node:events";
import type { ServerHttp2Stream } from "node:http2";
import { createSecureContext } from "node:tls";
import type { RpcSession } from "@capnweb/core";
import { Admission, isSessionHost, Reception, type SessionHost } from "@capnweb/core/server";
import { NoWebTransportError } from "../errors.ts";
import { DEFAULT_OPEN_TIMEOUT } from "../open.ts";
import { guardServer } from "./connection-guard.ts";
import { Connections } from "./connections.ts";
import { guard, guardVisitor } from "./guard.ts";
import {
  type LibraryAnswer,
  type LibraryRequestEvent,
  type LibraryServer,
  type LibrarySession,
  loadLibrary,
} from "./library.ts";
import { reasonHeaders } from "./reason.ts";
import type {
  ListenOptions,
  RequiredAuthorize,
  Served,
  ServedSession,
  ServeOptions,
  WebTransportRpcServer,
} from "./serve-options.ts";
import { ServedSessions } from "./served-sessions.ts";

const DEFAULT_DRAIN_TIMEOUT = 5_000;

/** Milliseconds that a client has to read the reason of its refusal and to end the stream. */
const REFUSAL_TIMEOUT = 1_000;

/**
 * Streams of each kind that a client may open over HTTP/2. A session has one, and the library reads
 * 0 as its default. (HTTP/3 would count requests as well.)
 */
const STREAMS = 1;

/**
 * Most bytes of a session that are in flight or unread over HTTP/2: the amount that a client that
 * has stopped reading can make the server hold. It lets a client 100 ms away send 10 MB/s.
 */
const MAX_WINDOW = 1024 * 1024;

const DEFAULT_MAX_REQUEST_RATE = 10;

/** The defaults of `Admission`. */
const DEFAULT_MAX_SESSIONS = 10_000;
const DEFAULT_MAX_SESSIONS_PER_ADDRESS = 1_000;

/**
 * Serves sessions over WebTransport: over HTTP/2, and also over HTTP/3 if the native package for it
 * is installed.
 *
 * @typeParam C the context that `authorize` gives
 * @param options the address, the certificate, and the limits; `limits` default to the profile
 *   `"server"`
 * @param createMain makes the main object of a session, or promises one within `openTimeout`; the
 *   session owns it. An error ends the session, and goes to `onError`
 * @returns the server, once it listens. Close it to stop
 * @throws NoWebTransportError if `@fails-components/webtransport` isn't installed; Node's error
 *   if it can't listen, or can't use the certificate
 *
 * @example
 * ```ts
 * const server = await serveWebTransportRpc(
 *   { port: 4433, cert, privKey, path: "/api", origins: ["https://app.example"] },
 *   () => new Api(),
 * );
 * ```
 */
export function serveWebTransportRpc<C = unknown>(
  options: ServeOptions<C> & RequiredAuthorize<C>,
  createMain: (request: ServedSession, served: Served<any, C>) => unknown,
): Promise<WebTransportRpcServer>;
/** With a host, such as `RpcHost` of `@capnweb/host`, which decides and makes the main objects. */
export function serveWebTransportRpc(
  options: ListenOptions,
  host: SessionHost,
): Promise<WebTransportRpcServer>;
export async function serveWebTransportRpc(
  options: ServeOptions,
  createMain: SessionHost | CreateMain,
): Promise<WebTransportRpcServer> {
  // Throws for an unusable certificate. The library would stay silent, and never listen.
  createSecureContext({ cert: options.cert, key: options.privKey });
  const { Http2Server, Http3Server, hasHttp3: isHttp3Installed } = await loadLibrary();
  const hasHttp3 = options.http3 ?? isHttp3Installed;
  const sessions = new ServedSessions(
    options,
    isSessionHost(createMain) ? createMain : receptionOf(createMain, options),
  );
  const { host = "localhost", cert, privKey } = options;
  // QUIC derives tokens from it. No other process needs it.
  const secret = randomBytes(32).toString("hex");
  const http2 = new Http2Server({
    port: options.port,
    host,
    secret,
    cert,
    privKey,
    initialBidirectionalStreams: STREAMS,
    initialUnidirectionalStreams: STREAMS,
    streamFlowControlWindowSizeLimit: MAX_WINDOW,
    sessionFlowControlWindowSizeLimit: MAX_WINDOW,
  });
  const connections = await listenHttp2(http2, sessions, options);
  const address = http2.address()!;
  // The library's combined server can't answer requests, so there are two servers.
  const http3 = hasHttp3
    ? new Http3Server({ port: address.port, host, secret, cert, privKey })
    : undefined;
  let closing: Promise<void> | undefined;

  async function close(drainTimeout: number): Promise<void> {
    http2.stopServer();
    await sessions.drain(drainTimeout);
    // Stopped only now, because its sessions use the socket that it listens on.
    http3?.stopServer();
    connections.destroy();
    await http2.closed;
  }

  try {
    if (http3 !== undefined) await listen(http3, sessions);
  } catch (error) {
    await close(0);
    throw error;
  }

  return {
    address: { host: address.host, port: address.port },
    hasHttp3,
    get sessionCount() {
      return sessions.size;
    },
    updateCertificate(cert, privKey) {
      createSecureContext({ cert, key: privKey });
      for (const server of [http2, http3]) server?.updateCert(cert, privKey, false);
    },
    close(drainTimeout = DEFAULT_DRAIN_TIMEOUT) {
      closing ??= close(drainTimeout);
      return closing;
    },
  };
}

/** Makes the main object of a session. */
type CreateMain = (request: ServedSession, served: Served<any, any>) => unknown;

/** The host of a server's own sessions. */
function receptionOf(createMain: CreateMain, options: ServeOptions): Reception {
  const { authorize } = options;
  return new Reception(
    ({ request: { source }, context, session }) => {
      const rpc = session as RpcSession<any>;
      return createMain(source as ServedSession, {
        client: rpc.getRemoteMain(),
        session: rpc,
        context,
      });
    },
    {
      ...options,
      openTimeout: options.openTimeout ?? DEFAULT_OPEN_TIMEOUT,
      authorize: authorize && (({ source }) => authorize(source as ServedSession)),
    },
  );
}

async function listenHttp2(
  server: LibraryServer,
  sessions: ServedSessions,
  {
    openTimeout = DEFAULT_OPEN_TIMEOUT,
    maxRequestRate = DEFAULT_MAX_REQUEST_RATE,
    maxSessions = DEFAULT_MAX_SESSIONS,
    maxSessionsPerAddress = DEFAULT_MAX_SESSIONS_PER_ADDRESS,
  }: ServeOptions,
): Promise<Connections> {
  await listen(server, sessions);
  const { transportInt } = server;
  if (transportInt?.serverInt === undefined) {
    throw new NoWebTransportError("This is no @fails-components/webtransport of 1.6: install one.");
  }
  const finish = transportInt.finishSessionRequest.bind(transportInt);
  transportInt.finishSessionRequest = (answer) => {
    const { session: stream } = answer;
    // The client has left. The library would throw.
    if (stream.destroyed || stream.closed) return;
    if (answer.status === 200) finish(answer);
    else refuse(stream, answer);
  };
  guardServer(transportInt.serverInt, maxRequestRate);
  // Twice the sessions, because a session's connection closes a moment after it.
  const admission = new Admission({
    maxSessions: 2 * maxSessions,
    maxSessionsPerAddress: 2 * maxSessionsPerAddress,
  });
  return new Connections(transportInt.serverInt, openTimeout, admission);
}

/**
 * Refuses a request. The library would reset the stream along with the answer, which newer versions
 * of Node then don't send.
 */
function refuse(stream: ServerHttp2Stream, { status, reason }: LibraryAnswer): void {
  stream.respond({ ":status": status, ...reasonHeaders(reason) }, { endStream: true });
  setTimeout(() => stream.close(), REFUSAL_TIMEOUT).unref();
}

async function listen(server: LibraryServer, sessions: ServedSessions): Promise<void> {
  const visit = server.onHttpWTSessionVisitor.bind(server);
  server.onHttpWTSessionVisitor = (args) => {
    guard(args.session);
    visit(args);
    const { jsobj: session } = args.session;
    if (session === undefined) return;
    guardVisitor(session);
    // Both reject if the client leaves before its session is taken, and unhandled rejections end
    // the process.
    for (const each of [session.ready, session.closed]) each.then(undefined, () => {});
  };
  const events = new WeakMap<object, LibraryRequestEvent>();
  const request = server.onSessionRequest.bind(server);
  server.onSessionRequest = (event) => {
    events.set(event.header, event);
    request(event);
  };
  // Without a callback, a client would stall after 16 KiB.
  server.setRequestCallback(({ header }) => {
    const { peerAddress, session } = events.get(header) ?? {};
    const stream = session as Partial<EventEmitter> | undefined;
    const onClose = stream?.once?.bind(stream, "close");
    return sessions.answer({ header, peerAddress, onClose });
  });
  void accept(server.sessionStream(sessions.path, { noAutoPaths: true }), sessions);
  server.startServer();
  await server.ready;
}

async function accept(
  accepted: ReadableStream<LibrarySession>,
  sessions: ServedSessions,
): Promise<void> {
  const reader = accepted.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    sessions.start(next.value);
  }
}
