/**
 * Structured logs of calls and sessions, with pino.
 *
 * @packageDocumentation
 */

export { type LogOptions, logCalls } from "./log-calls.ts";
