import { documentTypes } from "../documents/document-types.ts";
import type { ValueType } from "../value-type.ts";
import { dataTypes } from "./data-types.ts";
import { fetchTypes } from "./fetch-types.ts";

/**
 * The rows of all kinds that travel by value, except those that JSON has itself. A session adds the
 * rows of capabilities and streams.
 */
export const valueTypes: readonly ValueType[] = Object.freeze([
  ...dataTypes,
  ...fetchTypes,
  ...documentTypes,
]);
