import type { Expression } from "@capnweb/wire";
import { notAFunction } from "../errors.ts";
import { ErrorHook, type PropertyPath, type Puller, type StubHook } from "../hook.ts";
import { type Callee, deliverCall } from "../payload/deliver.ts";
import { followPath } from "../payload/follow-path.ts";
import { Payload } from "../payload/payload.ts";
import type { Runtime } from "../runtime.ts";
import { type Shared, SharedHook } from "./shared.ts";

/** A reference to something that lives in this process: paths are followed, functions called. */
export abstract class LocalHook<S extends Shared> extends SharedHook<S> {
  protected abstract get runtime(): Runtime;

  /** What paths start at. */
  protected abstract get root(): unknown;

  abstract override peek(): Payload;

  override pull(puller: Puller): void {
    puller.resolve(this.peek());
  }

  override deliverCall(path: PropertyPath, args: Payload): StubHook {
    const { value, parent, handle, rest } = followPath(this.root, undefined, path);
    if (handle !== undefined) return handle.hook.call([...handle.path, ...rest], args);
    if (typeof value !== "function") throw notAFunction(path);
    return deliverCall(args, value as Callee, parent);
  }

  override deliverMap(
    path: PropertyPath,
    captures: StubHook[],
    instructions: Expression[],
  ): StubHook {
    const { value, handle, rest } = followPath(this.root, undefined, path);
    if (handle !== undefined) {
      return handle.hook.map([...handle.path, ...rest], captures, instructions);
    }
    // By reference where it is the hook's own target: it isn't handed over by being mapped.
    const input = Array.isArray(value) ? value : this.get(path);
    return this.runtime.mapValue(input, captures, instructions);
  }

  override get(path: PropertyPath): StubHook {
    if (path.length === 0) return this.dup();
    try {
      const { value, handle, rest } = followPath(this.root, undefined, path);
      if (handle !== undefined) return handle.hook.get([...handle.path, ...rest]);
      // What a property holds stays its object's: the getter's caller gets references of its own.
      const payload = Payload.borrowed(this.runtime, value);
      payload.own();
      return this.runtime.hookOfPayload(payload);
    } catch (error) {
      return new ErrorHook(error);
    }
  }
}
