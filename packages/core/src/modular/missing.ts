import type { Expression, TaggedExpression, ValueType } from "@capnweb/wire";
import { blaming } from "@capnweb/wire/internal";
import type { RuntimeParts } from "../assembled-runtime.ts";
import { MissingComponentError } from "../errors.ts";
import type { CapabilityDecodeContext, CoreValueType } from "../model/core-value-type.ts";
import { ErrorHook, type StubHook } from "../model/hook.ts";
import type { Watched } from "../model/pipe-hook.ts";
import type { ComponentName } from "./component.ts";

/** The classes and tags of values that need a component. */
const VALUES: readonly (readonly [component: ComponentName, kind: string, tag: string])[] = [
  ["streams", "ReadableStream", "readable"],
  ["streams", "WritableStream", "writable"],
  ["fetchValues", "Blob", "blob"],
  ["fetchValues", "Headers", "headers"],
  ["fetchValues", "Request", "request"],
  ["fetchValues", "Response", "response"],
];

/** The error for something that needs a component which isn't registered. */
export function missing(what: string, component: ComponentName): MissingComponentError {
  return new MissingComponentError(
    `${what} needs import { ${component} } from "@capnweb/core/modular". Pass it to createRpc().`,
  );
}

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
    matches: (value): value is object => typeof Class === "function" && value instanceof Class,
    encode(value) {
      throw blaming(value, error());
    },
    decode(expression, cx, parent, key) {
      giveUpStreams(expression, cx);
      // A promise that has failed. Its value would be needed before delivery, so the call fails.
      return cx.promise(new ErrorHook(error()), parent, key);
    },
  };
}

/** Gives up the peer's streams in a value that isn't decoded, so that the peer ends them. */
function giveUpStreams(expression: TaggedExpression, cx: CapabilityDecodeContext): void {
  const [tag, id] = expression;
  if (typeof id === "number" && tag === "writable") cx.introduce(id, "stream").dispose();
  else if (tag !== "readable") giveUpParts(expression, cx);
}

function giveUpParts(tree: Expression, cx: CapabilityDecodeContext): void {
  if (typeof tree !== "object" || tree === null) return;
  if (Array.isArray(tree) && tree[0] === "readable" && typeof tree[1] === "number") {
    // The payload owns the stream, and cancels it.
    cx.decode(tree, {}, "content");
  } else for (const part of Object.values(tree)) giveUpParts(part, cx);
}

/** A pipe of a peer. It learns at once that nothing reads it. */
class RefusedPipe extends ErrorHook implements Watched {
  get onFailure(): undefined {
    return undefined;
  }

  set onFailure(callback: ((error: unknown) => void) | undefined) {
    callback?.(this.error);
  }
}

function refuse(what: string, component: ComponentName): never {
  throw missing(what, component);
}

/** The parts of a runtime without any component. */
export const MISSING_PARTS: Omit<RuntimeParts, "types"> = {
  streams: {
    pipe: () => new RefusedPipe(missing("A pipe", "streams")),
    writer: () => refuse("A WritableStream", "streams"),
    pump: () => refuse("A ReadableStream", "streams"),
    // A stream of this process, in a call that doesn't leave it.
    hold: () => ({ dispose() {} }),
  },
  maps: {
    record: () => refuse("map()", "maps"),
    apply(_runtime, input, captures): StubHook {
      const failure = new ErrorHook(missing("map()", "maps"));
      for (const capture of captures) capture.dispose();
      if ("dispose" in input) input.dispose();
      return failure;
    },
  },
  services: {
    safetyNet(_imports, _transport, option) {
      if (option) refuse("releaseForgotten", "forgottenStubs");
      return undefined;
    },
    documentWriter: undefined,
  },
};
