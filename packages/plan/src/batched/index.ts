/**
 * Functions that answer many calls at once, against N + 1 queries. For servers.
 *
 * @packageDocumentation
 */
export type { BatchContext } from "./batch-context.ts";
export { type BatchDecorator, type BatchResult, batched } from "./batched.ts";
export { BatchError } from "./errors.ts";
export type { BatchOptions } from "./options.ts";
export type { Keys, Unbatched } from "./unbatched.ts";
