/**
 * How far a session encodes values before it hands a message to its transport. Each level keeps
 * native what the one before encodes:
 *
 * - `"string"`: nothing; a message is JSON text.
 * - `"jsonCompatible"`: the tree, not stringified; the transport serialises it (CBOR, MessagePack).
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

/** Whether a level keeps native at least what `other` keeps native. */
export function isAtLeast(level: EncodingLevel, other: EncodingLevel): boolean {
  return RANKS[level] >= RANKS[other];
}
