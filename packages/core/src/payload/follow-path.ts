import { isByReference, isReachableKey, type PathPart } from "@capnweb/wire";
import { PathError } from "../errors.ts";
import type { PropertyPath, StubHook } from "../hook.ts";
import { handleIfStub } from "../stub/handle.ts";
import { targetProperty } from "../target.ts";

/** Where a path led: to a value and what it is a member of, or to a stub that takes over. */
export interface Found {
  readonly value: unknown;
  /** What `value` was read from: the `this` of a call. */
  readonly parent: unknown;
  /** What the stub stands for that was met on the way, if one was. */
  readonly hook: StubHook | undefined;
  /** The path from there. */
  readonly rest: PropertyPath;
}

/**
 * Follows a path from a value, as a peer may: what it may reach is the rule that keeps an
 * application's internals private (docs/protocol.md, "Property paths").
 *
 * @throws PathError for an instance property of a target, or a property of nothing
 */
export function followPath(start: unknown, path: PropertyPath): Found {
  let value = start;
  let parent: unknown;
  for (let i = 0; ; i++) {
    const handle = handleIfStub(value);
    if (handle || i === path.length) {
      const rest = handle ? [...handle.path, ...path.slice(i)] : path;
      return { value, parent, hook: handle?.hook, rest };
    }
    parent = value;
    value = propertyOf(value, path[i]!);
  }
}

function propertyOf(value: unknown, key: PathPart): unknown {
  if (value === undefined) {
    throw new PathError(`Cannot read properties of undefined (reading '${key}')`);
  }
  if (!isReachableKey(key)) return undefined;
  if (typeof value === "object" && value !== null) {
    if (Array.isArray(value)) return ARRAY_INDEX.test(`${key}`) ? value[Number(key)] : undefined;
    if (isByReference(value)) return targetProperty(value, key);
    if (Object.getPrototypeOf(value) !== Object.prototype) return undefined;
  } else if (typeof value !== "function") return undefined;
  return Object.hasOwn(value, key) ? (value as Record<PathPart, unknown>)[key] : undefined;
}

/** Proxies see every property name as a string, so `list[0]` arrives with the key `"0"`. */
const ARRAY_INDEX = /^(0|[1-9]\d*)$/;
