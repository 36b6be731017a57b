import { runtime } from "../default-runtime.ts";
import type { RpcStub } from "../stubs.ts";
import { localHookOf } from "./target-of.ts";

/** A reference to a capability of this process that doesn't keep it from being disposed of. */
export interface WeakStub<T> {
  /**
   * Makes a stub of the capability, if stubs of it are left. The caller disposes of it.
   *
   * @returns `undefined` once the last stub has been disposed of or collected, or the capability
   *   was declared broken
   */
  deref(): RpcStub<T> | undefined;
}

/**
 * Makes a weak reference to the capability behind a stub: the other stubs alone decide when its
 * `[Symbol.dispose]()` runs. A cache of live objects holds its entries in this way.
 *
 * @param stub a stub of a target or function of this process. It stays the caller's
 * @returns `undefined` for a stub without one, as for `targetOf()`
 *
 * @example
 * ```ts
 * const room = new RpcStub(new Room());
 * const weak = weakStub(room);
 * weak?.deref(); // another stub of the same room
 * room[Symbol.dispose]();
 * ```
 */
export function weakStub<T>(stub: RpcStub<T>): WeakStub<T> | undefined {
  const hook = localHookOf(stub);
  if (!hook) return undefined;
  const weak = new WeakRef(hook.live!);
  // Without the hook, because it would keep the capability.
  const { another } = hook;
  return {
    deref() {
      const shared = weak.deref();
      if (!shared?.count) return undefined;
      shared.count++;
      const made = runtime.makeStub(another(shared)) as RpcStub<T>;
      if (localHookOf(made)) return made;
      made[Symbol.dispose]();
      return undefined;
    },
  };
}
