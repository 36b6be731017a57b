import { support } from "../call-context/support.ts";
import type { PropertyPath, StubHook } from "./hook.ts";
import type { Runtime } from "./runtime.ts";

/** The key under which a proxy gives its handle. Never sent, and not reachable from outside. */
export const HANDLE = Symbol();

const ROOT: PropertyPath = Object.freeze([]);

/**
 * The reference behind the proxy of a stub or promise.
 *
 * A stub, and a call's promise, own their hook and have no path. The promise of a property has one,
 * and borrows the hook of the whole value, unless it was made with
 * `new RpcPromise(property)`.
 */
export abstract class Handle {
  hook: StubHook;

  constructor(hook: StubHook) {
    this.hook = hook;
  }

  /** The runtime that made the proxy. */
  abstract get runtime(): Runtime;

  /** Not a field, because a program may hold many stubs, and none of them has a path. */
  get path(): PropertyPath {
    return ROOT;
  }

  /** True if the hook goes with the handle. Few handles with a path own their hook. */
  get ownsHook(): boolean {
    return true;
  }

  /** The hook of the handle's target: its own, or one made for the property. */
  target(): StubHook {
    return this.path.length === 0 ? this.hook : this.hook.get(this.path, support?.account());
  }

  /** A new reference to the handle's target. */
  dup(): StubHook {
    return this.path.length === 0 ? this.hook.dup() : this.hook.get(this.path, support?.account());
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
