import { isByReference } from "@capnweb/wire/internal";
import { broken } from "../local/breaks.ts";
import { LocalHook } from "../local/local-hook.ts";
import { handleIfStub } from "../model/handle.ts";
import type { StubHook } from "../model/hook.ts";

/**
 * Finds the object that calls on a stub run on, if it is in this process. A server uses this to
 * recognise a capability that a peer hands back to it.
 *
 * A peer chooses the stubs that it sends. Check with `instanceof` that the target is of the class
 * that you expect.
 *
 * @param stub a stub or promise. This neither disposes of it nor keeps it alive
 * @returns the target or function. `undefined` for a peer's capability, for a promise that hasn't
 *   settled, for a stub that was disposed of or declared broken, for one of a plain value or of a
 *   property, and for anything that isn't a stub
 *
 * @example
 * ```ts
 * class Library extends RpcTarget {
 *   remove(book: RpcStub<Book>) {
 *     const target = targetOf(book);
 *     if (!(target instanceof Book)) throw new TypeError("Pass a book of this library.");
 *     this.#books.delete(target);
 *   }
 * }
 * ```
 */
export function targetOf(stub: unknown): object | undefined {
  const value = localHookOf(stub)?.live?.value;
  const isObject = typeof value === "object" && value !== null;
  const isTarget = isObject ? isByReference(value) : typeof value === "function";
  return isTarget ? (value as object) : undefined;
}

/**
 * The hook of this process behind a stub, which isn't itself a reference to another stub.
 *
 * @returns `undefined` if there is none, or it can't be used any more
 */
export function localHookOf(stub: unknown): LocalHook<any> | undefined {
  let value: unknown = stub;
  for (;;) {
    const handle = handleIfStub(value);
    if (!handle || handle.path.length > 0) return undefined;
    const hook: StubHook = handle.hook.settled();
    if (!(hook instanceof LocalHook)) return undefined;
    const shared = hook.live;
    if (!shared) return undefined;
    ({ value } = shared);
    if (broken?.has(shared) || broken?.has(value as object)) return undefined;
    // A result that is a stub stands for the stub's target.
    if (!handleIfStub(value)) return hook;
  }
}
