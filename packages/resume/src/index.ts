/**
 * Sessions that outlive their connections: a transport around transports, for both ends.
 *
 * @packageDocumentation
 */
export type {
  AcceptedConnection,
  AcceptedTransport,
  AcceptInfo,
  ResumeAcceptorOptions,
  ResumeAttachment,
} from "./accepted.ts";
export { ResumeAcceptor } from "./acceptor.ts";
export { Backoff, type BackoffOptions } from "./backoff.ts";
export { type Clock, systemClock } from "./clock.ts";
export { ResumeError, type ResumeErrorCode } from "./errors.ts";
export type {
  BufferOptions,
  Goaway,
  OpenOptions,
  OpenTransport,
  PeerKind,
  ResumeOptions,
  ResumeState,
  ResumeStateChange,
} from "./options.ts";
export { ResumingTransport } from "./resuming-transport.ts";
