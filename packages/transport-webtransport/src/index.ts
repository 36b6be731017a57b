/**
 * Cap'n Web sessions over WebTransport, and over byte streams of any kind.
 *
 * @packageDocumentation
 */

// For applications.

export type { CloseInfo } from "./close-info.ts";
export { NoWebTransportError, WebTransportClosedError } from "./errors.ts";
export type { KeepAliveOptions } from "./keep-alive.ts";
export {
  acceptWebTransportRpcSession,
  newWebTransportRpcSession,
  type WebTransportSessionOptions,
  type WebTransportTransportOptions,
  webTransportTransport,
} from "./session.ts";

// For libraries.

export type { ByteStreamOptions } from "./options.ts";
export type {
  AcceptedWebTransportLike,
  ByteStreams,
  CertificateHash,
  Connection,
  WebTransportLike,
} from "./shapes.ts";
export { ByteStreamTransport } from "./transport.ts";
