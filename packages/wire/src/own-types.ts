import type { ValueType } from "./value-type.ts";

/** The types of applications, by the prototype of their instances. */
export const ownTypes = new WeakMap<object, ValueType>();

/**
 * The value type that an application has defined for a value, whichever session has it. Values are
 * copied before their destination is known.
 */
export function ownTypeOf(value: object): ValueType | undefined {
  return ownTypes.get(Object.getPrototypeOf(value));
}
