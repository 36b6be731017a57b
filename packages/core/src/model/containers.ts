import type { Container, ValueTable } from "@capnweb/wire";
import {
  isObjectOrFunction,
  isPlain,
  listContainer,
  objectContainer,
  ownTypeOf,
} from "@capnweb/wire/internal";
import type { CoreValueType } from "./core-value-type.ts";

/** The row of a value that JSON doesn't have: the protocol's, or an application's own. */
export function typeOf(value: object, table: ValueTable): CoreValueType | undefined {
  return (table.find(value) ?? ownTypeOf(value)) as CoreValueType | undefined;
}

/** The record of a container, or `undefined` for a value that holds no others. */
export function containerOf(value: object, table: ValueTable): Container<any> | undefined {
  if (Array.isArray(value)) return listContainer;
  if (isPlain(value)) return objectContainer;
  const type = typeOf(value, table);
  return type?.parts && (type as Container);
}

/**
 * Calls `visit` with each object and function that a container holds of its own. Errors hold none.
 * Runs getters, which takes less time than `parts` does.
 *
 * @returns whether the value is a container
 * @throws the error of the container or of a getter
 */
export function forEachOwn(
  value: object,
  table: ValueTable,
  visit: (part: object) => void,
): boolean {
  let parts: readonly unknown[];
  if (Array.isArray(value)) parts = value;
  else if (isPlain(value)) {
    for (const key in value) {
      const part = (value as Record<string, unknown>)[key];
      if (isObjectOrFunction(part)) visit(part);
    }
    return true;
  } else {
    const type = typeOf(value, table);
    if (!type?.parts || type.isIncidental) return false;
    parts = type.parts(value);
  }
  for (const part of parts) if (isObjectOrFunction(part)) visit(part);
  return true;
}
