import { nameOf } from "@capnweb/wire/internal";
import { LocalHook } from "../local/local-hook.ts";
import { handleIfStub } from "../model/handle.ts";

/**
 * The names of classes, by their constructors. Engines look up a prototype, and the name of a
 * function, outside of compiled code.
 */
const names = new WeakMap<object, string>();

/** The name of a target's class; `undefined` if the target is elsewhere. */
export function classOf(target: unknown): string | undefined {
  if (typeof target === "object" && target !== null) return nameOfClass(target);
  const handle = handleIfStub(target);
  if (!handle) return nameOf(target);
  // A result that is a stub.
  const hook = handle.path.length === 0 ? handle.hook.settled() : undefined;
  return hook instanceof LocalHook ? classOf(hook.live?.value) : undefined;
}

function nameOfClass(target: object): string {
  try {
    const made = target.constructor;
    const known = names.get(made);
    if (known !== undefined) return known;
    const name = nameOf(target);
    // A value of a peer's may have a property of this name, but no class.
    if (Object.getPrototypeOf(target)?.constructor === made) names.set(made, name);
    return name;
  } catch {
    // A getter of the application's has thrown, or the constructor is no object.
    return nameOf(target);
  }
}
