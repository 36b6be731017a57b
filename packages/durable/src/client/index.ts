/**
 * Capabilities that a client keeps across sessions, with tokens of a server that offers them.
 *
 * @packageDocumentation
 */

export { KeptCapability, type KeptOptions, type KeptToken } from "./kept-capability.ts";
