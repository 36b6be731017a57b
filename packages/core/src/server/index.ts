/**
 * Decisions that every server makes before it starts a session: the origins and hosts it answers
 * to, and the number of sessions it has. For transports.
 *
 * @packageDocumentation
 */

export { type AccessHeaders, type AccessOptions, checkAccess } from "./access.ts";
export { Admission, type AdmissionOptions, type Leave } from "./admission.ts";
export { AccessError, AdmissionError } from "./errors.ts";
export { reportError } from "./report-error.ts";
export { type ServeSessionOptions, serveSession } from "./serve-session.ts";
export { type CancelTimeout, setOptionalTimeout } from "./timeout.ts";
