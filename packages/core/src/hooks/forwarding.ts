import type { Expression } from "@capnweb/wire";
import type { Budget } from "../budget.ts";
import {
  ErrorHook,
  type PropertyPath,
  type Puller,
  type StreamedCall,
  StubHook,
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

/** How many values are looked at for one that would hold itself, before it is taken that there is one. */
const MOST_VALUES = 65_536;

/**
 * Sees to it that nothing resolves to itself, which would be followed for ever, or to a value that
 * refers to it, which would hold itself for ever. Takes over `hook`.
 *
 * @returns the hook, or a failure if it leads back to what it is to resolve
 */
export function checkResolution(hook: StubHook, resolved: Resolvable): StubHook {
  let next: StubHook | undefined = hook;
  let last = hook;
  for (let hops = 0; next; hops++) {
    if (hops > LONGEST_CHAIN || isOf(next, resolved)) return refuse(hook);
    last = next;
    next = next.next();
  }
  const { payload } = last;
  return payload && holds(payload, resolved) ? refuse(hook) : hook;
}

function isOf(hook: StubHook, resolved: Resolvable): boolean {
  return (hook as ForwardingHook<Resolvable>).live === resolved;
}

function refuse(hook: StubHook): StubHook {
  hook.dispose();
  return new ErrorHook(new TypeError("A promise can't be a part of itself."));
}

/** Whether a value refers to `resolved`, or to values that do. */
function holds(value: Payload, resolved: Resolvable): boolean {
  /** Values that were met, and will be looked at: none for most. */
  let met: Set<Payload> | undefined;
  const meet = (hook: StubHook) => {
    if (isOf(hook, resolved)) return true;
    const settled = hook.settled();
    if (isOf(settled, resolved)) return true;
    const { payload } = settled;
    if (payload && payload !== value && !payload.isFlat) {
      met ??= new Set();
      met.add(payload);
    }
    return false;
  };
  const look = ({ pending, references }: Payload) =>
    pending.some(({ hook }) => meet(hook)) ||
    references.some((reference) => reference instanceof StubHook && meet(reference));
  if (value.isFlat) return false;
  if (look(value)) return true;
  // A set gives what is added to it meanwhile as well.
  for (const each of met ?? []) if (met!.size > MOST_VALUES || look(each)) return true;
  return false;
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
