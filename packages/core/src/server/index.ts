/**
 * The decisions of a server before it starts a session: which origins and hosts it answers to, how
 * many sessions it has, and how many bytes it holds. For transports.
 *
 * @packageDocumentation
 */

export { type ContextHeader, readContextHeaders } from "../contexts/context-headers.ts";
export { HeldBytes, type HeldBytesLimits } from "../session/held-bytes.ts";
export { type AccessHeaders, type AccessOptions, checkAccess } from "./access.ts";
export { Admission, type AdmissionOptions, type Leave } from "./admission.ts";
export { AccessError, AdmissionError } from "./errors.ts";
export { networkOf } from "./network.ts";
export { RefusalLog } from "./refusal-log.ts";
export { reportError, reportLimit } from "./report-error.ts";
export { type ServeSessionOptions, serveSession } from "./serve-session.ts";
export { type CancelTimeout, setOptionalTimeout } from "./timeout.ts";
