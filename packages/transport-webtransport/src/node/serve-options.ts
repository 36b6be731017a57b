import type { RpcSession, RpcStub } from "@capnweb/core";
import type { AccessOptions, AdmissionOptions } from "@capnweb/core/server";
import type { WebTransportSessionOptions } from "../session.ts";

/** A client's request for a session. */
export interface SessionRequest {
  /** The path and the query, as the client asked for them. */
  readonly url: string;
  /**
   * The request's headers, in lower case. Browsers send an `origin`, and neither cookies nor headers that a
   * page chooses.
   */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** A session that was accepted; a main object is made for each. */
export interface ServedSession extends SessionRequest {
  /** The client's address and port, where known. */
  readonly peerAddress: string | undefined;
}

/** A refusal by `authorize`. */
export interface Refusal {
  /** The HTTP status, 400 to 599. */
  readonly status: number;
  /** Sent along, for the client's error. */
  readonly reason?: string | undefined;
}

/**
 * A decision on a request: `true`, or an object that `createMain` gets as `context`, accepts it. `false`
 * refuses it with 403, a number or a {@link Refusal} with that status.
 */
export type Decision<Context extends object = object> = boolean | number | Refusal | Context;

/** The second argument of `createMain`. */
export interface MainDetails<Context extends object = object> {
  /** The client's main object. Calls to it may be made at once. */
  readonly client: RpcStub<any>;
  /** The RPC session, for its statistics, say. */
  readonly session: RpcSession<any>;
  /** The object that `authorize` returned, if it returned one. */
  readonly context: Context | undefined;
}

/** Options of `serveWebTransportRpc`. */
export interface ServeOptions<Context extends object = any>
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
   * Decides on a request before it is accepted, by its token, say; see {@link Decision}. Origins and hosts
   * are checked before (`origins`, `hosts`). A request is answered 500 if it throws; `onError` gets the
   * error.
   */
  authorize?:
    | ((request: SessionRequest) => Decision<Context> | Promise<Decision<Context>>)
    | undefined;
  /** Milliseconds that `authorize` may take before the request is refused with 503. Default 10,000. */
  authorizeTimeout?: number | undefined;
  /**
   * Requests for sessions per second on one connection (HTTP/2), on average; ten idle seconds may be caught
   * up on. A connection with more is cut. Default 10.
   */
  maxRequestRate?: number | undefined;
  /**
   * Whether to serve HTTP/3 besides HTTP/2. Default: if `@fails-components/webtransport-transport-http3-quiche`
   * is installed.
   */
  http3?: boolean | undefined;
}

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
