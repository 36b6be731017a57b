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

/** Options of `serveWebTransportRpc`. */
export interface ServeOptions extends Omit<WebTransportSessionOptions, "serverCertificateHashes"> {
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
   * Decides on a request before it is accepted, by its origin, say: `false` refuses it with the status
   * 403, and a number with that one (400 to 599). WebTransport is not subject to the same-origin policy.
   */
  authorize?:
    | ((request: SessionRequest) => boolean | number | Promise<boolean | number>)
    | undefined;
  /**
   * Most sessions at once; more are answered 503. Twice as many TCP connections are taken. Default 1,000.
   */
  maxSessions?: number | undefined;
  /**
   * Whether to serve HTTP/3 besides HTTP/2. Default: if `@fails-components/webtransport-transport-http3-quiche`
   * is installed.
   */
  http3?: boolean | undefined;
  /**
   * Gets what `authorize` and `createMain` throw. Default: `console.error`.
   */
  onError?: ((error: unknown) => void) | undefined;
}

/** What `serveWebTransportRpc` gives. */
export interface WebTransportRpcServer {
  /** The address and port that it listens on. */
  readonly address: { readonly host: string; readonly port: number };
  /** Whether HTTP/3 is served besides HTTP/2. */
  readonly hasHttp3: boolean;
  /** How many sessions there are. */
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
