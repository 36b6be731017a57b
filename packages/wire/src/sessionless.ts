import { isByReference } from "./by-reference.ts";
import { EncodeError, excerpt, ProtocolError } from "./errors.ts";
import { createValueTable, type ValueTable } from "./value-table.ts";
import type { ValueType } from "./value-type.ts";
import { valueTypes } from "./value-types/index.ts";
import { runtimeClass } from "./value-types/runtime-classes.ts";

const noImports = "Cannot deserialize RPC stubs without an RPC session.";

/** A row of values that only a session can send and receive. */
function refused(
  row: Pick<ValueType, "kind" | "tags" | "primitives" | "prototypes" | "matches">,
  onDecode?: string,
): ValueType {
  return {
    ...row,
    encode() {
      throw new EncodeError(`Can't serialize ${row.kind} in this context.`);
    },
    decode([, id]) {
      throw new ProtocolError(onDecode ?? `no such entry on exports table: ${excerpt(id)}`);
    },
  };
}

const noStubs = refused(
  {
    kind: "RPC stubs",
    tags: ["export", "promise"],
    primitives: ["function"],
    matches: (value): value is object => isByReference(value),
  },
  noImports,
);

const otherRows: readonly ValueType[] = [
  refused({ kind: "reference", tags: ["import", "pipeline", "remap"] }),
  refused(
    {
      ...runtimeClass("ReadableStream").claim,
      tags: ["readable"],
    },
    "Cannot retrieve pipe readable without an RPC session.",
  ),
  refused(
    {
      ...runtimeClass("WritableStream").claim,
      tags: ["writable"],
    },
    noImports,
  ),
];

/**
 * The value types of a codec that has no session: streams are errors that say so.
 *
 * @param stubs the row of capabilities, with the tags `export` and `promise`. By default, they are
 *   errors too
 */
export function sessionlessRows(stubs: ValueType = noStubs): readonly ValueType[] {
  return [...valueTypes, stubs, ...otherRows];
}

/**
 * The value types of a codec that has no session: capabilities and streams are errors that say so.
 */
export const sessionlessTable: ValueTable = createValueTable(sessionlessRows());

const tables = new WeakMap<readonly ValueType[], ValueTable>();

/** Does what {@link sessionlessTable} does, with types of the application. */
export function sessionlessTableWith(types: readonly ValueType[] | undefined): ValueTable {
  if (!types) return sessionlessTable;
  let table = tables.get(types);
  if (!table) {
    table = createValueTable([...sessionlessRows(), ...types]);
    tables.set(types, table);
  }
  return table;
}
