/**
 * The static types of an application's own value types, by any name. They are delivered unchanged,
 * as a `Date` is.
 *
 * @example
 * ```ts
 * declare module "@capnweb/core" {
 *   interface OwnValueTypes {
 *     money: Money;
 *   }
 * }
 * ```
 */
// biome-ignore lint/suspicious/noEmptyInterface: applications declare its members.
export interface OwnValueTypes {}
