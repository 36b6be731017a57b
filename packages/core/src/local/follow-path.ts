import {
  isByReference,
  isObject,
  isPlain,
  isReachableKey,
  kindOf,
  type PathPart,
  remedyFor,
} from "@capnweb/wire/internal";
import { PathError } from "../errors.ts";
import { typeOf } from "../model/containers.ts";
import { handleIfStub } from "../model/handle.ts";
import type { PropertyPath, StubHook } from "../model/hook.ts";
import { isNativePromise } from "../model/native-promise.ts";
import type { Runtime } from "../model/runtime.ts";
import { targetProperty } from "../target.ts";
import { broken } from "./breaks.ts";

/** The end of a path: a value with the object that it is a member of, or a stub that takes over. */
export interface Found {
  /** `undefined` if there is a hook. */
  readonly value: unknown;
  /** The object that `value` was read from: the `this` of a call. */
  readonly parent: unknown;
  /** The hook of the stub or promise that was met on the way, if one was. */
  readonly hook: StubHook | undefined;
  /**
   * True if `hook` was made for this path, for a native promise, so that its user disposes of it.
   */
  readonly isHookNew: boolean;
  /** The rest of the path. */
  readonly rest: PropertyPath;
}

/** The end of a path that goes on at a hook. */
export function leadOn(hook: StubHook, rest: PropertyPath, isHookNew = false): Found {
  return { value: undefined, parent: undefined, hook, isHookNew, rest };
}

/**
 * Follows a path from a value, as a peer may. The rule about what it may reach keeps an
 * application's internals private (docs/protocol.md, "Property paths").
 *
 * @throws PathError for an instance property of a target, a property of nothing, and one of a
 *   value that can't be sent
 */
export function followPath(start: unknown, path: PropertyPath, runtime: Runtime): Found {
  let value = start;
  let parent: unknown;
  for (let i = 0; ; i++) {
    const failure = broken?.get(value as object);
    if (failure) return leadOn(failure, path.slice(i));
    const handle = handleIfStub(value);
    if (handle) return leadOn(handle.hook, [...handle.path, ...path.slice(i)]);
    // No path starts at a promise, because its value has a hook of its own.
    if (i > 0 && isNativePromise(value)) {
      return leadOn(runtime.hookOfLentPromise(value), path.slice(i), true);
    }
    if (i === path.length) return { value, parent, hook: undefined, isHookNew: false, rest: path };
    parent = value;
    value = propertyOf(value, path, i, runtime);
  }
}

function propertyOf(value: unknown, path: PropertyPath, i: number, runtime: Runtime): unknown {
  const key = path[i]!;
  if (value === undefined) {
    throw new PathError(`Cannot read properties of undefined (reading '${key}')`);
  }
  if (!isReachableKey(key)) return undefined;
  if (isObject(value)) {
    if (Array.isArray(value)) return ARRAY_INDEX.test(`${key}`) ? value[Number(key)] : undefined;
    if (isByReference(value)) return targetProperty(value, key);
    if (!isPlain(value)) {
      if (!typeOf(value, runtime.table)) throw noMembers(value, path, i);
      return undefined;
    }
  } else if (typeof value === "symbol") throw noMembers(value, path, i);
  else if (typeof value !== "function") return undefined;
  return Object.hasOwn(value, key) ? (value as Record<PathPart, unknown>)[key] : undefined;
}

/**
 * The error for a path through a value that can't be sent. It begins with the reference's words.
 */
function noMembers(value: unknown, path: PropertyPath, i: number): PathError {
  const before = path.slice(0, i).join(".");
  const what =
    i === 0
      ? "RPC stub points at a non-serializable type."
      : `'${before}' is not a serializable type, so property ${before} cannot be accessed.`;
  return new PathError(`${what} It is ${kindOf(value)}. ${remedyFor(value)}`);
}

/** Proxies see every property name as a string, so `list[0]` arrives with the key `"0"`. */
const ARRAY_INDEX = /^(0|[1-9]\d*)$/;
