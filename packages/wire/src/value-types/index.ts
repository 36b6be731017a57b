import { jsonType } from "../documents/json-type.ts";
import { tableType } from "../documents/table-type.ts";
import type { ValueType } from "../value-type.ts";
import { blobType } from "./blob.ts";
import { bytesType } from "./bytes.ts";
import { errorType } from "./error.ts";
import { requestType, responseType } from "./fetch.ts";
import { bigintType, dateType, nonFiniteType, undefinedType } from "./primitives.ts";
import { headersType, urlType } from "./web.ts";

/**
 * The rows of all kinds that travel by value, except those that JSON has itself. A session adds the
 * rows of capabilities and streams.
 */
export const valueTypes: readonly ValueType[] = Object.freeze([
  undefinedType,
  nonFiniteType,
  bigintType,
  dateType,
  bytesType,
  blobType,
  errorType,
  urlType,
  headersType,
  requestType,
  responseType,
  jsonType,
  tableType,
] as ValueType<never>[] as ValueType[]);
