import type { ValueType } from "../value-type.ts";
import { jsonType } from "./json-type.ts";
import { tableType } from "./table-type.ts";

/** The rows of documents, which only decode. */
export const documentTypes: readonly ValueType[] = [
  jsonType,
  tableType,
] as unknown as readonly ValueType[];
