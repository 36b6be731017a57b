import type { PropertyPath, StubHook } from "../hook.ts";

/** The key under which a proxy gives its handle; never sent, never reachable from outside. */
export const HANDLE = Symbol("capnweb.handle");

/**
 * What a stub's or promise's proxy stands for.
 *
 * A stub, and a call's promise, own their hook. The promise of a property has a `path`, and borrows
 * the hook of what it is a property of.
 */
export class Handle {
  hook: StubHook;
  readonly path: PropertyPath;
  readonly ownsHook: boolean;
  /** Set once an owned hook was given up. */
  disposed = false;

  constructor(hook: StubHook, path: PropertyPath, ownsHook: boolean) {
    this.hook = hook;
    this.path = path;
    this.ownsHook = ownsHook;
  }
}

/** The handle of a value that is known to be a stub or promise. */
export function handleOf(stub: object): Handle {
  return (stub as { [HANDLE]: Handle })[HANDLE];
}

/** The handle of a stub or promise, or `undefined` for any other value. */
export function handleIfStub(value: unknown): Handle | undefined {
  if (typeof value !== "function") return undefined;
  const handle = (value as { [HANDLE]?: unknown })[HANDLE];
  return handle instanceof Handle ? handle : undefined;
}
