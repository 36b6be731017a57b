/**
 * Arbitraries for fast-check, an optional peer dependency that you install yourself.
 *
 * @packageDocumentation
 */

export { expressionLike, messageLike } from "./malformed.ts";
export { expression, message } from "./messages.ts";
export { value } from "./values.ts";
