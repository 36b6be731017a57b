import { PathError, RpcStub } from "@capnweb/core";
import { isReachableKey } from "@capnweb/wire/internal";
import { Failed, partsOf } from "../values/failed.ts";
import { isMap } from "../values/kinds.ts";

/** A stub of any capability. */
export type AnyStub = RpcStub<any>;

/** The end of a path: a value, or a capability with the rest of the path. */
export interface Found {
  readonly value: unknown;
  /** The capability that the path goes on in. */
  readonly stub?: AnyStub;
  readonly rest: readonly (string | number)[];
}

const INDEX = /^(0|[1-9]\d*)$/;

/** True for a capability: a stub. */
export function isStub(value: unknown): value is AnyStub {
  return typeof value === "function" && value instanceof RpcStub;
}

/**
 * Follows a path through plain data, by the rules of docs/protocol.md, "Property paths". It ends at
 * a failed part.
 *
 * @throws PathError for a property of `undefined`
 */
export function follow(start: unknown, path: readonly (string | number)[]): Found {
  let value = start;
  for (let i = 0; i < path.length; i++) {
    value = partsOf(value);
    if (value instanceof Failed) break;
    if (isStub(value)) return { value, stub: value, rest: path.slice(i) };
    value = propertyOf(value, path[i]!);
  }
  return { value, rest: [] };
}

/** A property of plain data. @throws PathError for one of `undefined` */
export function propertyOf(value: unknown, key: string | number): unknown {
  if (value === undefined) {
    throw new PathError(`Cannot read properties of undefined (reading '${key}')`);
  }
  if (!isReachableKey(key)) return undefined;
  if (Array.isArray(value)) return INDEX.test(`${key}`) ? value[Number(key)] : undefined;
  return isMap(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** A property of a capability, as a promise that can also be called. */
export function memberOf(stub: AnyStub, path: readonly (string | number)[]): any {
  return path.reduce<any>((member, key) => member[key], stub);
}
