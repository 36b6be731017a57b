import type { Expression } from "@capnweb/wire";
import type { BrokenListener } from "../broken-listener.ts";
import type { Budget } from "../budget.ts";
import { notAFunction } from "../errors.ts";
import { handleIfStub } from "../model/handle.ts";
import { ErrorHook, type PropertyPath, type Puller, type StubHook } from "../model/hook.ts";
import { Payload } from "../model/payload.ts";
import type { Runtime } from "../model/runtime.ts";
import { type Shared, SharedHook } from "../model/shared-hook.ts";
import { handleUnread } from "../model/unread-promises.ts";
import { breaks, broken } from "./breaks.ts";
import { callMethod, type Method } from "./deliver.ts";
import { type Found, followPath, leadOn } from "./follow-path.ts";
import { servingOf } from "./serving.ts";

/** Something in this process. */
export interface Local extends Shared {
  readonly runtime: Runtime;
  /** The value that paths start at. */
  readonly value: unknown;
}

/** A reference to something in this process, on which paths are followed and functions called. */
export abstract class LocalHook<S extends Local> extends SharedHook<S> {
  abstract override peek(): Payload;

  override get isLocal(): boolean {
    return true;
  }

  override pull(puller: Puller): void {
    puller.resolve(this.peek());
  }

  override onBroken(listener: BrokenListener): void {
    listener.waitAt(this);
    const handle = handleIfStub(this.shared.value);
    if (handle) handle.hook.onBroken(listener);
    else breaks?.listen(listener, this.shared);
  }

  /** @throws PathError for a path that can't be followed */
  find(path: PropertyPath): Found {
    const { shared } = this;
    // This reference itself may have been declared broken.
    const hook = broken?.get(shared);
    if (hook) return leadOn(hook, path);
    return followPath(shared.value, path, shared.runtime);
  }

  override deliverCall(path: PropertyPath, args: Payload): StubHook {
    const serving = servingOf(args.budget);
    if (serving) return serving.call(this, path, args);
    const found = this.find(path);
    const { value, parent, hook, rest } = found;
    if (hook) return used(found, hook.call(rest, args));
    if (typeof value !== "function") throw notAFunction(path);
    // A session handles the results that its peer doesn't ask for.
    const isOfPeer = args.budget?.owner !== undefined;
    const result = callMethod(args, value as Method, parent, this);
    if (!isOfPeer) result.whenSettled(handleUnread);
    return result;
  }

  override deliverMap(
    path: PropertyPath,
    captures: StubHook[],
    instructions: Expression[],
    budget?: Budget,
  ): StubHook {
    const serving = servingOf(budget);
    if (serving) return serving.map(this, path, captures, instructions, budget!);
    const { runtime } = this.shared;
    const found = this.find(path);
    const { value, hook, rest } = found;
    if (hook) return used(found, hook.map(rest, captures, instructions, budget));
    // The hook's own target is passed by reference, because mapping doesn't hand it over.
    const input = Array.isArray(value) ? value : this.get(path, budget);
    return runtime.maps.apply(runtime, input, captures, instructions, budget?.ofNested);
  }

  override get(path: PropertyPath, budget?: Budget): StubHook {
    if (path.length === 0) return this.dup();
    const serving = servingOf(budget);
    if (serving) return serving.get(this, path, budget!);
    try {
      const { runtime } = this.shared;
      const found = this.find(path);
      const { value, hook, rest } = found;
      if (hook) return used(found, hook.get(rest, budget));
      // A property's references stay with its object, so the getter's caller gets some of its own.
      return runtime.hookOfPayload(Payload.copied(runtime, value, budget));
    } catch (error) {
      return new ErrorHook(error);
    }
  }
}

/**
 * Disposes of the hook at the end of a path, if it was made for that path, now that `result`
 * exists.
 */
function used({ hook, isHookNew }: Found, result: StubHook): StubHook {
  if (isHookNew) hook!.dispose();
  return result;
}
