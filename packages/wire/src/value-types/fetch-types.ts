import type { ValueType } from "../value-type.ts";
import { blobType } from "./blob.ts";
import { requestType, responseType } from "./fetch.ts";
import { headersType } from "./headers.ts";

/** The rows of the values that `fetch()` works with. */
export const fetchTypes: readonly ValueType[] = [
  blobType,
  headersType,
  requestType,
  responseType,
] as unknown as readonly ValueType[];
