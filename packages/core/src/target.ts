import { BY_REFERENCE } from "@capnweb/wire/internal";
import { PathError } from "./errors.ts";
import { type ErrorListener, runCallback } from "./report.ts";
import type { TargetBrand, targetBrand } from "./types/brands.ts";

/**
 * The base class of objects that are passed by reference. The receiver gets a stub, and calls on
 * the stub run here.
 *
 * The peer reaches the methods and getters of the class and of its base classes, and nothing else:
 * neither instance properties nor `#private` members. (TypeScript's `private` doesn't protect a
 * member, because it is gone at run time.)
 *
 * If the class has a `[Symbol.dispose]()` method, it runs once for each time that the object was
 * handed over: when the last stub made at that time has been disposed of.
 *
 * @example
 * ```ts
 * class Counter extends RpcTarget {
 *   #count = 0;
 *   increment(by = 1) {
 *     return (this.#count += by);
 *   }
 * }
 * ```
 */
export class RpcTarget implements TargetBrand {
  declare readonly [targetBrand]: never;
}

// Not in a static block, which React Native's Babel preset refuses.
adoptTargetClass(RpcTarget);

/**
 * Treats instances of a class that doesn't extend {@link RpcTarget} as targets, such as those of a
 * runtime's own `RpcTarget`.
 */
export function adoptTargetClass(base: { readonly prototype: object }): void {
  Object.defineProperty(base.prototype, BY_REFERENCE, { value: true });
}

/** The prototype member of an instance that may be reached from outside under that name. */
export function targetProperty(target: object, key: string | number): unknown {
  if (Object.hasOwn(target, key)) {
    throw new PathError(
      `Attempted to access property '${key}', which is an instance property of the ` +
        "RpcTarget. To avoid leaking private internals, instance properties cannot be accessed " +
        "over RPC. If you want to make this property available over RPC, define it as a method " +
        "or getter on the class, instead of an instance property.",
    );
  }
  return (target as Record<string | number, unknown>)[key];
}

/**
 * Runs a target's own disposer, if it has one. Its failure must not affect anything else.
 *
 * @param onError receives the failure
 */
export function disposeTarget(target: object, onError: ErrorListener | undefined): void {
  const run = () => {
    const dispose: unknown = (target as Partial<Disposable>)[Symbol.dispose];
    return typeof dispose === "function" ? Reflect.apply(dispose, target, []) : undefined;
  };
  runCallback("dispose", run, onError);
}
