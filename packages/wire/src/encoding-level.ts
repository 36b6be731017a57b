/**
 * The part of encoding that a session leaves to its transport. Each level keeps more values native
 * than the one before:
 *
 * - `"string"`: none. A message is JSON text.
 * - `"jsonCompatible"`: none, but a message is a tree. The transport serialises it (CBOR,
 *   MessagePack).
 * - `"jsonCompatibleWithBytes"`: also bytes, as `Uint8Array` in `["bytes", bytes]`.
 * - `"structuredClonable"`: also `Date`, `bigint`, `undefined` and non-finite numbers.
 */
export type EncodingLevel =
  | "string"
  | "jsonCompatible"
  | "jsonCompatibleWithBytes"
  | "structuredClonable";

const RANKS: Readonly<Record<EncodingLevel, number>> = {
  string: 0,
  jsonCompatible: 1,
  jsonCompatibleWithBytes: 2,
  structuredClonable: 3,
};

/** True if a level keeps all values native that `other` keeps native. */
export function isAtLeast(level: EncodingLevel, other: EncodingLevel): boolean {
  return RANKS[level] >= RANKS[other];
}
