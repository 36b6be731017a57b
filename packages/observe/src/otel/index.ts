/**
 * Traces and durations of calls for OpenTelemetry, as an interceptor.
 *
 * @packageDocumentation
 */

export { openTelemetry } from "./open-telemetry.ts";
export type { OpenTelemetryOptions } from "./options.ts";
