import type { CloseInfo } from "./close-info.ts";

/**
 * Two byte streams that make a connection: a WebTransport stream, or any other reliable and ordered
 * pair, such as `Duplex.toWeb(socket)` of a TCP socket in Node.
 */
export interface ByteStreams {
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<Uint8Array>;
}

/** As `WebTransportCloseInfo` of the W3C. */
export interface OptionalCloseInfo {
  readonly closeCode?: number | undefined;
  readonly reason?: string | undefined;
}

/** As much of the W3C's `WebTransport` as either end of a session needs. */
interface WebTransportBase {
  readonly ready: PromiseLike<unknown>;
  /** Resolves when the session is closed, rejects when the connection is lost. */
  readonly closed: PromiseLike<OptionalCloseInfo>;
  close(info?: { closeCode?: number; reason?: string }): void;
}

/**
 * As much of the W3C's `WebTransport` as a client needs: what browsers, Node libraries and Deno
 * have.
 */
export interface WebTransportLike extends WebTransportBase {
  createBidirectionalStream(): PromiseLike<{ readonly readable: any; readonly writable: any }>;
}

/** As much of it as a server needs. */
export interface AcceptedWebTransportLike extends WebTransportBase {
  /** Streams that the client opens. */
  readonly incomingBidirectionalStreams: ReadableStream<any>;
}

/**
 * A certificate that a server is trusted with, whoever issued it; as in the W3C's
 * `WebTransportHash`.
 */
export interface CertificateHash {
  /** `"sha-256"`. */
  readonly algorithm: string;
  /** The hash of the certificate's DER form. */
  readonly value: Uint8Array | ArrayBuffer;
}

/** An open connection, as a transport uses it. */
export interface Connection extends ByteStreams {
  /** Settles when the connection is over. Resolves with what the peer closed it with, if it did. */
  readonly closed?: PromiseLike<CloseInfo> | undefined;
  /** Ends the connection at once. What was written and not yet sent may be lost. */
  close(info: CloseInfo): void;
}
