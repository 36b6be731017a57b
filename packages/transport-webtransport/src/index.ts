/**
 * Cap'n Web sessions over WebTransport, and over byte streams of any kind.
 *
 * @packageDocumentation
 */

export { WebTransportClosedError } from "./errors.ts";
export type { KeepAliveOptions } from "./keep-alive.ts";
// For libraries.
export type { ByteStreamOptions } from "./options.ts";
// For applications.
export {
  acceptWebTransportRpcSession,
  newWebTransportRpcSession,
  type WebTransportSessionOptions,
} from "./session.ts";
export type {
  AcceptedWebTransportLike,
  ByteStreams,
  CertificateHash,
  WebTransportLike,
} from "./shapes.ts";
