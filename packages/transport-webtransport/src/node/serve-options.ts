import type { RpcCompatible, RpcSession, RpcStub } from "@capnweb/core";
import type { AccessOptions, AdmissionOptions, Authorization } from "@capnweb/core/server";
import type { ByteStreamOptions } from "../options.ts";
import type { WebTransportSessionOptions } from "../session.ts";

/** A client's request for a session. */
export interface SessionRequest {
  /** The path and the query, as the client sent them. */
  readonly url: string;
  /**
   * The request's headers, with names in lower case. Browsers send an `origin`, but neither cookies
   * nor headers that a page chooses.
   */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** An accepted session. A main object is made for each. */
export interface ServedSession extends SessionRequest {
  /** The client's address and port, if known. */
  readonly peerAddress: string | undefined;
}

/**
 * A session that has just been started, as handed to the function that makes its main object.
 *
 * @typeParam T the client's main object
 * @typeParam C the context that `authorize` gives
 */
export interface Served<T extends RpcCompatible<T> = any, C = unknown> {
  /**
   * The stub of the client's main object, for calls to the client. You may keep it; disposing of it
   * ends the session.
   */
  readonly client: RpcStub<T>;
  /** The session itself, for its statistics and `drain()`. */
  readonly session: RpcSession<T>;
  /** The context that `authorize` gave for the request. */
  readonly context: C;
}

/** Options of the sessions that a host decides on, and of the server that they arrive at. */
export interface ListenOptions
  extends Omit<ByteStreamOptions, "maxMessageBytes" | "maxProcessHeldBytes">,
    Pick<WebTransportSessionOptions, "openTimeout"> {
  /** The TCP port (and UDP port, with HTTP/3); 0 picks a free one. */
  port: number;
  /** The address to listen on. Default `"localhost"`. */
  host?: string | undefined;
  /** The certificate and those that lead to its authority, in PEM. */
  cert: string;
  /** The certificate's private key, in PEM. */
  privKey: string;
  /** The path on which sessions are accepted. Other paths are answered with 404. Default `"/"`. */
  path?: string | undefined;
  /**
   * Requests for sessions per second on one connection (HTTP/2), on average. Requests of two idle
   * seconds may be made up for. A connection with more is cut. Default 10.
   */
  maxRequestRate?: number | undefined;
  /**
   * True to serve HTTP/3 besides HTTP/2. Default: true if
   * `@fails-components/webtransport-transport-http3-quiche` is installed.
   */
  http3?: boolean | undefined;
}

/**
 * Options of `serveWebTransportRpc`.
 *
 * @typeParam C the context that `authorize` gives
 */
export interface ServeOptions<C = any>
  extends ListenOptions,
    Omit<WebTransportSessionOptions, "serverCertificateHashes">,
    AccessOptions,
    AdmissionOptions {
  /**
   * Decides on a request before it is accepted, for example by its token; see
   * {@link Authorization}. Origins and hosts have been checked by then (`origins`, `hosts`). If it
   * throws, the client gets 500, and `onError` receives the error.
   */
  authorize?:
    | ((request: SessionRequest) => Authorization<C> | PromiseLike<Authorization<C>>)
    | undefined;
  /** Milliseconds that `authorize` may take; the client then gets 503. Default 10,000. */
  authorizeTimeout?: number | undefined;
}

/** The type of `authorize`, which is required where `createMain` takes a context. */
export type RequiredAuthorize<C> = undefined extends C
  ? unknown
  : { readonly authorize: NonNullable<ServeOptions<C>["authorize"]> };

/** A running server, as `serveWebTransportRpc` returns it. */
export interface WebTransportRpcServer {
  /** The address and port that it listens on. */
  readonly address: { readonly host: string; readonly port: number };
  /** True if HTTP/3 is served besides HTTP/2. */
  readonly hasHttp3: boolean;
  /** The number of sessions. */
  readonly sessionCount: number;
  /** Makes new connections use another certificate. Call it before the current one expires. */
  updateCertificate(cert: string, privKey: string): void;
  /**
   * Accepts no more sessions, lets sessions answer the calls that they have, ends them, and stops
   * listening. Resolves once all of that is done.
   *
   * @param drainTimeout milliseconds for the answers, after which connections are cut. Default
   *   5,000
   */
  close(drainTimeout?: number): Promise<void>;
}
