import { DEFAULT_MAX_DEPTH } from "@capnweb/core";
import { isReachableKey } from "@capnweb/wire/internal";

/** The longest name of a variable, member, key or plan, in code units. */
export const LONGEST_NAME = 256;

/** The most parts of a path. Values that travel aren't deeper. */
export const LONGEST_PATH = DEFAULT_MAX_DEPTH;

const NAME = /^[A-Za-z_$][\w$]*$/;

/** True for a text that may name a variable. */
export function isName(value: unknown): value is string {
  return typeof value === "string" && value.length <= LONGEST_NAME && NAME.test(value);
}

/** The names that stubs answer themselves, so that no peer can be asked for them. */
const RESERVED: ReadonlySet<string> = new Set([
  "dup",
  "onRpcBroken",
  "map",
  "then",
  "catch",
  "finally",
]);

/** True for a name that stubs answer themselves. */
export function isReserved(key: string | number): boolean {
  return typeof key === "string" && RESERVED.has(key);
}

/** True for a text that can be a part of a path. */
export function isKey(value: unknown): value is string {
  return typeof value === "string" && value.length <= LONGEST_NAME && isReachableKey(value);
}

/** True for a number that can be a part of a path, or the number of a step or capture. */
export function isIndex(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
