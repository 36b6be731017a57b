import { nativePromiseType, promiseType, stubType, targetType } from "./capabilities.ts";
import type { CoreValueType } from "./core-value-type.ts";
import { readableType, writableType } from "./streams.ts";

/** The rows that a session adds to the wire's value types. */
export function capabilityTypes(stubPrototype: object, promisePrototype: object): CoreValueType[] {
  return [
    stubType(stubPrototype),
    promiseType(promisePrototype),
    targetType,
    nativePromiseType,
    readableType,
    writableType,
  ];
}
