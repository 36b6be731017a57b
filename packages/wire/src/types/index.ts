import type { ValueType } from "../value-type.ts";
import { blobType } from "./blob.ts";
import { bytesType } from "./bytes.ts";
import { errorType } from "./error.ts";
import { requestType, responseType } from "./fetch.ts";
import { bigintType, dateType, nonFiniteType, undefinedType } from "./primitives.ts";
import { headersType, urlType } from "./web.ts";

/**
 * Every kind of value that travels by value, but for what JSON has itself. Capabilities and streams
 * are a session's affair; a session adds their rows.
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
] as ValueType<never>[] as ValueType[]);
