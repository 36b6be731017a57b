import type { Expression, TaggedExpression, ValueType } from "@capnweb/wire";
import { blaming, isObject } from "@capnweb/wire/internal";
import type { CapabilityDecodeContext, CoreValueType } from "../model/core-value-type.ts";
import { LateErrorHook } from "../model/hook.ts";
import type { ComponentName } from "./component.ts";
import { missing } from "./missing-component.ts";

/** The classes and tags of values that need a component. */
const VALUES: readonly (readonly [component: ComponentName, kind: string, tag: string])[] = [
  ["streams", "ReadableStream", "readable"],
  ["streams", "WritableStream", "writable"],
  ["fetchValues", "Blob", "blob"],
  ["fetchValues", "Headers", "headers"],
  ["fetchValues", "Request", "request"],
  ["fetchValues", "Response", "response"],
  ["documents", "json document", "json"],
  ["documents", "table document", "table"],
];

/** The rows of values that no component brings along, so that they fail only their calls. */
export function missingTypes(types: readonly ValueType[]): readonly ValueType[] {
  const tags = new Set(types.flatMap((type) => type.tags));
  return VALUES.filter(([, , tag]) => !tags.has(tag)).map((value) => missingType(...value));
}

function missingType(component: ComponentName, kind: string, tag: string): CoreValueType<object> {
  const Class: unknown = (globalThis as Record<string, unknown>)[kind];
  const error = () => missing(`A ${kind}`, component);
  return {
    kind,
    tags: [tag],
    weight: 32,
    matches: (value): value is object => typeof Class === "function" && value instanceof Class,
    encode(value) {
      throw blaming(value, error());
    },
    decode(expression, cx, parent, key) {
      // A promise that has failed. Its value would be needed before delivery, so the call fails.
      const failed = cx.promise(new LateErrorHook(error), parent, key);
      giveUpStreams(expression, cx);
      return failed;
    },
  };
}

/** Gives up the peer's streams in a value that isn't decoded, so that the peer ends them. */
function giveUpStreams(expression: TaggedExpression, cx: CapabilityDecodeContext): void {
  const [tag, id] = expression;
  // A body is a member of the settings at most, and a peer's tree may be of any depth.
  const LEVELS = 3;
  if (typeof id === "number" && tag === "writable") cx.introduce(id, "stream").dispose();
  else if (tag !== "readable") giveUpParts(expression, LEVELS, cx);
}

function giveUpParts(tree: Expression, levels: number, cx: CapabilityDecodeContext): void {
  if (levels === 0 || !isObject(tree)) return;
  if (Array.isArray(tree) && tree[0] === "readable" && typeof tree[1] === "number") {
    // The payload owns the stream, and cancels it.
    cx.decode(tree, {}, "content");
  } else for (const part of Object.values(tree)) giveUpParts(part, levels - 1, cx);
}
