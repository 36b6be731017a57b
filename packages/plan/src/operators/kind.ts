import { isMap, isReference } from "../values/kinds.ts";

/** The kinds of values that operators tell apart, with the names that `type` gives them. */
export type Kind =
  | "null_type"
  | "undefined"
  | "bool"
  | "double"
  | "int"
  | "string"
  | "bytes"
  | "list"
  | "map"
  | "timestamp"
  | "capability"
  | "other";

const PRIMITIVES: Readonly<Record<string, Kind>> = {
  undefined: "undefined",
  boolean: "bool",
  number: "double",
  bigint: "int",
  string: "string",
  function: "capability",
};

/** The kind of a value. */
export function kindOf(value: unknown): Kind {
  if (value === null) return "null_type";
  if (typeof value !== "object") return PRIMITIVES[typeof value] ?? "other";
  if (Array.isArray(value)) return "list";
  if (isMap(value)) return "map";
  if (value instanceof Uint8Array) return "bytes";
  if (value instanceof Date) return "timestamp";
  return isReference(value) ? "capability" : "other";
}
