/**
 * Arbitraries for fast-check, which has to be installed.
 *
 * @packageDocumentation
 */

export { expressionLike, messageLike } from "./malformed.ts";
export { expression, message } from "./messages.ts";
export { value } from "./values.ts";
