import { isByReference, isObjectOrFunction } from "@capnweb/wire/internal";
import { TargetHook } from "../local/target-hook.ts";
import type { CoreValueType } from "../model/core-value-type.ts";
import { handleIfStub, handleOf } from "../model/handle.ts";
import type { StubHook } from "../model/hook.ts";
import { isNativePromise } from "../model/native-promise.ts";
import type { Runtime } from "../model/runtime.ts";
import { evaluatePart } from "./reference.ts";

/** The row of stubs: references that are delivered at once. */
export function stubType(prototype: object): CoreValueType<object> {
  return {
    kind: "stub",
    tags: ["export", "import"],
    weight: 32,
    prototypes: [prototype],
    own: ownReference,
    encode: (stub, cx) => cx.stub(handleOf(stub).hook),
    decode: (expression, cx) => cx.stub(evaluatePart(expression, cx)),
  };
}

/** The row of promises: references that are replaced by the values that they resolve to. */
export function promiseType(prototype: object): CoreValueType<object> {
  return {
    kind: "promise",
    tags: ["promise", "pipeline", "remap"],
    weight: 32,
    prototypes: [prototype],
    isPromise: true,
    own: ownReference,
    encode(promise, cx) {
      const { hook, path } = handleOf(promise);
      return cx.promise(hook, path);
    },
    decode: (expression, cx, parent, key) => cx.promise(evaluatePart(expression, cx), parent, key),
  };
}

/**
 * The row of `RpcTarget`s and functions. A value's own ones become stubs when the value is made
 * owned.
 */
export const targetType: CoreValueType<object> = {
  kind: "target",
  tags: [],
  primitives: ["function"],
  matches: (value): value is object => isByReference(value),
  // A target that is only lent, as an argument is, is asked to duplicate itself if it can.
  own(target, runtime, moved) {
    const dup = moved ? undefined : (target as { dup?: unknown }).dup;
    if (typeof dup !== "function") return TargetHook.of(runtime, target);
    const duplicate: unknown = Reflect.apply(dup, target, []);
    if (!isObjectOrFunction(duplicate)) {
      throw new TypeError("dup() of an RpcTarget must return an object or function.");
    }
    return handleIfStub(duplicate)?.hook ?? TargetHook.of(runtime, duplicate);
  },
  encode: (target, cx) => cx.target(target),
  // Never called, because this row has no tag.
  decode: () => undefined,
};

/**
 * The row of native promises. A value's own ones become promises of ours when the value is made
 * owned.
 */
export const nativePromiseType: CoreValueType<Promise<unknown>> = {
  kind: "Promise",
  tags: [],
  prototypes: [Promise.prototype],
  matches: isNativePromise,
  isPromise: true,
  own: (promise, runtime, moved, budget) =>
    moved ? runtime.hookOfPromise(promise, budget) : runtime.hookOfLentPromise(promise),
  encode: (promise, cx) => cx.nativePromise(promise),
  // Never called, because this row has no tag.
  decode: () => undefined,
};

function ownReference(stub: object, _runtime: Runtime, moved: boolean): StubHook {
  const { hook, ownsHook } = handleOf(stub);
  return moved && ownsHook ? hook : hook.dup();
}
