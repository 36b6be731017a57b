import { isByReference } from "./by-reference.ts";
import { EncodeError, ProtocolError } from "./errors.ts";
import { valueTypes } from "./types/index.ts";
import { runtimeClass } from "./types/runtime-classes.ts";
import { createValueTable, type ValueTable } from "./value-table.ts";
import type { ValueType } from "./value-type.ts";

const stubs = "Can't serialize RPC stubs in this context.";
const noImports = "Cannot deserialize RPC stubs without an RPC session.";

/** A row for what only a session can send and receive. */
function refused(
  row: Pick<ValueType, "kind" | "tags" | "primitives" | "prototypes" | "matches">,
  onEncode: string,
  onDecode: (id: unknown) => string,
): ValueType {
  return {
    ...row,
    encode() {
      throw new EncodeError(onEncode);
    },
    decode([, id]) {
      throw new ProtocolError(onDecode(id));
    },
  };
}

/** The value types of a codec that has no session: capabilities and streams are errors that say so. */
export const sessionlessTable: ValueTable = createValueTable([
  ...valueTypes,
  refused(
    {
      kind: "capability",
      tags: ["export", "promise"],
      primitives: ["function"],
      matches: (value): value is object => isByReference(value),
    },
    stubs,
    () => noImports,
  ),
  refused(
    { kind: "reference", tags: ["import", "pipeline", "remap"] },
    stubs,
    (id) => `no such entry on exports table: ${String(id)}`,
  ),
  refused(
    {
      ...runtimeClass("ReadableStream").claim,
      tags: ["readable"],
    },
    "Can't serialize ReadableStream in this context.",
    () => "Cannot retrieve pipe readable without an RPC session.",
  ),
  refused(
    {
      ...runtimeClass("WritableStream").claim,
      tags: ["writable"],
    },
    "Can't serialize WritableStream in this context.",
    () => noImports,
  ),
]);
