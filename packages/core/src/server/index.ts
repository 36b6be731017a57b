/**
 * The decisions of a server before it starts a session: which origins and hosts it answers to, how
 * many sessions it has, and how many bytes it holds. For transports. Besides, the objects behind
 * stubs, for servers that recognise capabilities of their own.
 *
 * @packageDocumentation
 */

export { type ContextHeader, readContextHeaders } from "../contexts/context-headers.ts";
export { HeldBytes, type HeldBytesLimits } from "../session/held-bytes.ts";
export { type StreamLoad, streamLoad } from "../stream/stream-load.ts";
export { afterInput, isTurnOver } from "../turns/turns.ts";
export { type AccessHeaders, type AccessOptions, checkAccess } from "./access.ts";
export { Admission, type AdmissionOptions, type Leave } from "./admission.ts";
export type {
  Authorization,
  Authorized,
  ContextAuthorization,
} from "./authorize.ts";
export { endSession, GoingAwayError } from "./end-session.ts";
export { AccessError, AdmissionError } from "./errors.ts";
export {
  admitRequest,
  checkRequest,
  type Decision,
  type HostOf,
  pathAndQuery,
  refusalResponse,
  sessionRequestOf,
} from "./fetch-request.ts";
export { announceGoAway } from "./go-away.ts";
export { networkOf } from "./network.ts";
export {
  type Accepted,
  type ReceivedClient,
  Reception,
  type ReceptionOptions,
} from "./reception.ts";
export { type Refusal, RefusedError, refuseSession } from "./refusal.ts";
export { RefusalLog } from "./refusal-log.ts";
export { reportError, reportLimit } from "./report-error.ts";
export { type ServeSessionOptions, serveSession } from "./serve-session.ts";
export {
  type Admitted,
  type CloseCause,
  type CloseMedium,
  isSessionHost,
  NO_HEADERS,
  type ReceivedSession,
  type RequestHeaders,
  type SessionHost,
  type SessionHostOptions,
  type SessionRequest,
} from "./session-host.ts";
export { type SessionLoad, sessionLoad } from "./session-load.ts";
export { targetOf } from "./target-of.ts";
export { type CancelTimeout, setOptionalTimeout } from "./timeout.ts";
export { type WeakStub, weakStub } from "./weak-stub.ts";
