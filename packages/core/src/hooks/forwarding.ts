import type { Expression } from "@capnweb/wire";
import type { Budget } from "../budget.ts";
import {
  ErrorHook,
  type PropertyPath,
  type Puller,
  type StreamedCall,
  type StubHook,
  type Unregister,
} from "../hook.ts";
import type { Payload } from "../payload/payload.ts";
import { type Shared, SharedHook } from "./shared.ts";

/** What is asked of a reference that passes it on; as the methods of a hook. */
export type Callee = Pick<StubHook, "deliverCall" | "deliverMap" | "deliverStream" | "get">;

/** Something that is another thing once it is known what: a promise, or an import. */
export interface Resolvable extends Shared, Pick<StubHook, "pull" | "onBroken"> {
  /** What it turned out to be. */
  readonly resolution: StubHook | undefined;
  /** What takes calls: the resolution, or until then what keeps or sends them. */
  readonly callee: Callee;
}

/** How many promises may stand for one another before it is taken that they never end. */
const LONGEST_CHAIN = 256;

/**
 * Sees to it that nothing resolves to itself, which would be followed for ever. Takes over `hook`.
 *
 * @returns the hook, or a failure if it leads back to what it is to resolve
 */
export function checkResolution(hook: StubHook, resolved: Resolvable): StubHook {
  let next: StubHook | undefined = hook;
  for (let hops = 0; next; hops++) {
    if (hops > LONGEST_CHAIN || (next as ForwardingHook<Resolvable>).live === resolved) {
      hook.dispose();
      return new ErrorHook(new TypeError("A promise can't be a part of itself."));
    }
    next = next.next();
  }
  return hook;
}

/** A reference that passes everything on to what it stands for, as soon as that is known. */
export abstract class ForwardingHook<S extends Resolvable> extends SharedHook<S> {
  override deliverCall(path: PropertyPath, args: Payload): StubHook {
    return this.shared.callee.deliverCall(path, args);
  }

  override deliverMap(
    path: PropertyPath,
    captures: StubHook[],
    instructions: Expression[],
    budget?: Budget,
  ): StubHook {
    return this.shared.callee.deliverMap(path, captures, instructions, budget);
  }

  override deliverStream(path: PropertyPath, args: Payload): StreamedCall {
    return this.shared.callee.deliverStream(path, args);
  }

  override get(path: PropertyPath, budget?: Budget): StubHook {
    return this.shared.callee.get(path, budget);
  }

  override peek(): Payload | undefined {
    return this.shared.resolution?.peek();
  }

  override pull(puller: Puller): void {
    const { shared } = this;
    (shared.resolution ?? shared).pull(puller);
  }

  override onBroken(callback: (error: unknown) => void): Unregister {
    const { shared } = this;
    return (shared.resolution ?? shared).onBroken(callback);
  }

  override next(): StubHook | undefined {
    return this.live?.resolution;
  }

  override settled(): StubHook {
    return this.next()?.settled() ?? this;
  }
}
