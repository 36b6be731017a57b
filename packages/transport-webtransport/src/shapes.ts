import type { CloseInfo } from "./close-info.ts";

/**
 * Two byte streams that make a connection: those of a WebTransport stream, or any other reliable
 * and ordered pair, such as `Duplex.toWeb(socket)` of a TCP socket in Node.
 */
export interface ByteStreams {
  /** The bytes from the peer. */
  readonly readable: ReadableStream<Uint8Array>;
  /** The bytes to the peer. */
  readonly writable: WritableStream<Uint8Array>;
}

/** The W3C's `WebTransportCloseInfo`. */
export interface OptionalCloseInfo {
  readonly closeCode?: number | undefined;
  readonly reason?: string | undefined;
}

/** The part of the W3C's `WebTransport` that either end of a session needs. */
interface WebTransportBase {
  readonly ready: PromiseLike<unknown>;
  /** Resolves when the session is closed; rejects when the connection is lost. */
  readonly closed: PromiseLike<OptionalCloseInfo>;
  close(info?: { closeCode?: number; reason?: string }): void;
}

/**
 * The part of the W3C's `WebTransport` that a client needs. Browsers, Node libraries and Deno have
 * it.
 */
export interface WebTransportLike extends WebTransportBase {
  /** Opens the stream that carries the RPC session. */
  createBidirectionalStream(): PromiseLike<{ readonly readable: any; readonly writable: any }>;
}

/** The part of the W3C's `WebTransport` that a server needs. */
export interface AcceptedWebTransportLike extends WebTransportBase {
  /** Streams that the client opens. */
  readonly incomingBidirectionalStreams: ReadableStream<any>;
}

/**
 * The hash of a certificate that a client trusts, no matter who issued it. It is the W3C's
 * `WebTransportHash`.
 */
export interface CertificateHash {
  /** The hash function: `"sha-256"`. */
  readonly algorithm: string;
  /** The hash of the certificate's DER form. */
  readonly value: Uint8Array | ArrayBuffer;
}

/** An open connection, in the form that a transport uses. */
export interface Connection extends ByteStreams {
  /**
   * Settles when the connection is over. Resolves with the peer's close info, if the peer closed
   * it.
   */
  readonly closed?: PromiseLike<CloseInfo> | undefined;
  /** Ends the connection at once. Data that was written but not yet sent may be lost. */
  close(info: CloseInfo): void;
}
