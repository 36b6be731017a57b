import type { ValueType } from "../value-type.ts";
import { bytesType } from "./bytes.ts";
import { errorType } from "./error.ts";
import { bigintType, dateType, nonFiniteType, undefinedType } from "./primitives.ts";
import { urlType } from "./url.ts";

/** The rows of plain data, which every session has. */
export const dataTypes: readonly ValueType[] = [
  undefinedType,
  nonFiniteType,
  bigintType,
  dateType,
  bytesType,
  errorType,
  urlType,
] as unknown as readonly ValueType[];
