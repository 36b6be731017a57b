/**
 * Messages of Cap'n Web sessions in words, and tables of the capabilities that sessions hold.
 *
 * @packageDocumentation
 */

export { type Redact, redactByName, type ValuePlace } from "../messages/redact.ts";
export {
  type CapabilityRow,
  type CapabilityTracking,
  trackCapabilities,
} from "./capabilities.ts";
export { type DebugOptions, debugMessages } from "./debug-messages.ts";
export { type LostErrorsOptions, lostErrors } from "./lost-errors.ts";
