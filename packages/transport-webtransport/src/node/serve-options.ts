import type { RpcCompatible, RpcSession, RpcStub } from "@capnweb/core";
import type { AccessOptions, AdmissionOptions } from "@capnweb/core/server";
import type { WebTransportSessionOptions } from "../session.ts";

/** A client's request for a session. */
export interface SessionRequest {
  /** The path and the query, as the client asked for them. */
  readonly url: string;
  /**
   * The request's headers, in lower case. Browsers send an `origin`, and neither cookies nor
   * headers that a page chooses.
   */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** A session that was accepted; a main object is made for each. */
export interface ServedSession extends SessionRequest {
  /** The client's address and port, where known. */
  readonly peerAddress: string | undefined;
}

/**
 * The decision on a request: `true`, or a context for `createMain`, accepts it. `false` refuses it
 * with the status 403; a status, alone or with a reason for the client, refuses it with that.
 *
 * @typeParam C the context: the user that the request is of, say
 */
export type Authorization<C = unknown> =
  | boolean
  | number
  | { readonly context: C }
  | {
      /** The HTTP status, from 400 to 599. */
      readonly status: number;
      /** A text for the client's error. */
      readonly reason?: string | undefined;
    };

/**
 * A session that has just been started, for the function that makes its main object.
 *
 * @typeParam T the client's main object
 * @typeParam C the context that `authorize` gives
 */
export interface Served<T extends RpcCompatible<T> = any, C = unknown> {
  /**
   * The stub of the client's main object, for calls to the client; it may be kept. Disposing of it
   * ends the session.
   */
  readonly client: RpcStub<T>;
  /** The session itself, for its statistics and `drain()`. */
  readonly session: RpcSession<T>;
  /** The context that `authorize` gave for the request. */
  readonly context: C;
}

/**
 * Options of `serveWebTransportRpc`.
 *
 * @typeParam C the context that `authorize` gives
 */
export interface ServeOptions<C = any>
  extends Omit<WebTransportSessionOptions, "serverCertificateHashes">,
    AccessOptions,
    AdmissionOptions {
  /** The TCP port (and UDP port, with HTTP/3); 0 for any that is free. */
  port: number;
  /** The address to listen on. Default `"localhost"`. */
  host?: string | undefined;
  /** The certificate, with those that lead to its authority, in PEM. */
  cert: string;
  /** The certificate's private key, in PEM. */
  privKey: string;
  /** The path that sessions are accepted on; others are answered 404. Default `"/"`. */
  path?: string | undefined;
  /**
   * Decides on a request before it is accepted, by its token, say; see {@link Authorization}.
   * Origins and hosts have been checked by then (`origins`, `hosts`). If it throws, the client gets
   * 500, and `onError` the error.
   */
  authorize?:
    | ((request: SessionRequest) => Authorization<C> | PromiseLike<Authorization<C>>)
    | undefined;
  /** Milliseconds that `authorize` may take; the client then gets 503. Default 10,000. */
  authorizeTimeout?: number | undefined;
  /**
   * Requests for sessions per second on one connection (HTTP/2), on average; two idle seconds may
   * be caught up on. A connection with more is cut. Default 10.
   */
  maxRequestRate?: number | undefined;
  /**
   * Whether to serve HTTP/3 besides HTTP/2. Default: if
   * `@fails-components/webtransport-transport-http3-quiche` is installed.
   */
  http3?: boolean | undefined;
}

/** The `authorize` that options must have where `createMain` takes a context. */
export type RequiredAuthorize<C> = undefined extends C
  ? unknown
  : { readonly authorize: NonNullable<ServeOptions<C>["authorize"]> };

/** What `serveWebTransportRpc` gives. */
export interface WebTransportRpcServer {
  /** The address and port that it listens on. */
  readonly address: { readonly host: string; readonly port: number };
  /** Whether HTTP/3 is served besides HTTP/2. */
  readonly hasHttp3: boolean;
  /** The number of sessions. */
  readonly sessionCount: number;
  /** Has connections from now on use another certificate, before the one in use expires. */
  updateCertificate(cert: string, privKey: string): void;
  /**
   * Accepts no more, lets sessions answer the calls that they have, ends them, and stops listening.
   *
   * @param drainTimeout milliseconds for that, after which connections are cut. Default 5,000
   */
  close(drainTimeout?: number): Promise<void>;
}
