import type { TaggedExpression } from "@capnweb/wire";
import { isByReference, unknownExpression } from "@capnweb/wire";
import type { StubHook } from "../hook.ts";
import { TargetHook } from "../hooks/target.ts";
import type { Runtime } from "../runtime.ts";
import { type Handle, handleIfStub, handleOf } from "../stub/handle.ts";
import type { CoreValueType } from "./core-value-type.ts";
import { evaluateReference } from "./reference.ts";

/** What is known of stubs: references that are delivered at once. */
export function stubType(prototype: object): CoreValueType<object> {
  return {
    kind: "stub",
    tags: ["export", "import"],
    prototypes: [prototype],
    own: (stub, _runtime, moved) => reference(handleOf(stub), moved),
    encode(stub, cx) {
      cx.requireOwned();
      return cx.stub(handleOf(stub).hook);
    },
    decode(expression, cx) {
      if (expression[0] === "import") return cx.stub(evaluateReference(expression, cx));
      return cx.stub(cx.importStub(announcedId(expression)));
    },
  };
}

/** What is known of promises: references that are replaced by what they resolve to. */
export function promiseType(prototype: object): CoreValueType<object> {
  return {
    kind: "promise",
    tags: ["promise", "pipeline", "remap"],
    prototypes: [prototype],
    isPromise: true,
    own: (promise, _runtime, moved) => reference(handleOf(promise), moved),
    encode(promise, cx) {
      cx.requireOwned();
      const { hook, path } = handleOf(promise);
      return cx.promise(hook, path);
    },
    decode(expression, cx, parent, key) {
      const hook =
        expression[0] === "promise"
          ? cx.importPromise(announcedId(expression))
          : evaluateReference(expression, cx);
      return cx.promise(hook, parent, key);
    },
  };
}

/** What is known of `RpcTarget`s: a value's own ones become stubs when the value is made owned. */
export const targetType: CoreValueType<object> = {
  kind: "target",
  tags: [],
  matches: (value): value is object => isByReference(value),
  own: ownTarget,
  encode: (_target, cx) => cx.bareTarget(),
  decode: neverDecoded,
};

/** What is known of functions: as for targets. */
export const functionType: CoreValueType<object> = {
  kind: "function",
  tags: [],
  primitives: ["function"],
  own: ownTarget,
  encode: (_callee, cx) => cx.bareTarget(),
  decode: neverDecoded,
};

function reference({ hook, ownsHook }: Handle, moved: boolean): StubHook {
  return moved && ownsHook ? hook : hook.dup();
}

/** A target that can duplicate itself is asked to when it is only lent, as an argument is. */
function ownTarget(target: object, runtime: Runtime, moved: boolean): StubHook {
  const dup = moved ? undefined : (target as { dup?: unknown }).dup;
  if (typeof dup !== "function") return TargetHook.of(runtime, target);
  const duplicate = dup.call(target) as object;
  return handleIfStub(duplicate)?.hook ?? TargetHook.of(runtime, duplicate);
}

function announcedId(expression: TaggedExpression): number {
  const id = expression[1];
  if (expression.length !== 2 || typeof id !== "number") throw unknownExpression(expression);
  return id;
}

function neverDecoded(expression: TaggedExpression): never {
  throw unknownExpression(expression);
}
