import type { Expression } from "@capnweb/wire";
import { isObject, isPlain, nameOf } from "@capnweb/wire/internal";
import type { Budget } from "../budget.ts";
import { handleIfStub } from "../model/handle.ts";
import { ErrorHook, type PropertyPath, type StubHook } from "../model/hook.ts";
import { isNativePromise } from "../model/native-promise.ts";
import type { Payload } from "../model/payload.ts";
import { LocalHook } from "./local-hook.ts";

/** A reference to a result that is there. The payload goes with the last reference. */
export class PayloadHook extends LocalHook<Payload> {
  override another(payload: Payload): StubHook {
    return new PayloadHook(payload);
  }

  override get payload(): Payload | undefined {
    return this.live;
  }

  override peek(): Payload {
    return this.shared;
  }

  override get(path: PropertyPath, budget?: Budget): StubHook {
    try {
      this.#own();
      return super.get(path, budget);
    } catch (error) {
      return new ErrorHook(error);
    }
  }

  override deliverCall(path: PropertyPath, args: Payload): StubHook {
    const payload = this.shared;
    if (path.length > 0 && !payload.isOwned && leadsToPromise(payload.value, path)) this.#own();
    return super.deliverCall(path, args);
  }

  override deliverMap(
    path: PropertyPath,
    captures: StubHook[],
    instructions: Expression[],
    budget?: Budget,
  ): StubHook {
    this.#own();
    return super.deliverMap(path, captures, instructions, budget);
  }

  /**
   * Turns the targets in the value into stubs, so that references to its parts count together with
   * the whole's own. Otherwise each would dispose of the target. The same holds for a native
   * promise's value.
   */
  #own(): void {
    this.shared.own();
  }

  protected override describeShared({ value }: Payload): string {
    return handleIfStub(value)?.hook.describe() ?? `local ${nameOf(value)}`;
  }

  override next(): StubHook | undefined {
    return this.live?.promise;
  }
}

/** True if a path through a result meets a native promise. Calls no getters. */
function leadsToPromise(value: unknown, path: PropertyPath): boolean {
  let part = value;
  for (const key of path) {
    if (!isObject(part)) return false;
    if (!Array.isArray(part) && !isPlain(part)) return false;
    part = Object.getOwnPropertyDescriptor(part, key)?.value;
    if (isNativePromise(part)) return true;
  }
  return false;
}
