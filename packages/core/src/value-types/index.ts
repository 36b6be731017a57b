import type { CoreValueType } from "../model/core-value-type.ts";
import { nativePromiseType, promiseType, stubType, targetType } from "./capabilities.ts";

/** The rows of capabilities, which a session adds to the wire's value types. */
export function capabilityTypes(stubPrototype: object, promisePrototype: object): CoreValueType[] {
  return [stubType(stubPrototype), promiseType(promisePrototype), targetType, nativePromiseType];
}
