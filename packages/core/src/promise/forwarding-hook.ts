import type { BrokenListener } from "../broken-listener.ts";
import { LONGEST_CHAIN } from "../call-context/counts.ts";
import { holds } from "../model/holding.ts";
import { ErrorHook, type Puller, type StubHook } from "../model/hook.ts";
import type { Payload } from "../model/payload.ts";
import { type Shared, SharedHook } from "../model/shared-hook.ts";

/** Something that turns out to be another thing: a promise, or an import. */
export interface Resolvable extends Shared, Pick<StubHook, "pull" | "onBroken"> {
  /** The hook that it turned out to be; `undefined` until then. */
  readonly resolution: StubHook | undefined;
  /** The length of the longest chain of things that stand for this one, if there are any. */
  rank?: number;
  /** Says which hook it turned out to be. Takes over `hook`. */
  settle(hook: StubHook): void;
}

/**
 * Keeps anything from resolving to itself, because following it would never end. Keeps it from
 * resolving to a value that refers to it, because the value would hold itself for ever. Keeps
 * chains of promises short enough for a stack to follow, in whatever order a peer links them. Takes
 * over `hook`.
 *
 * @returns the hook, or a failure if `resolved` can't stand for it
 */
export function checkResolution(hook: StubHook, resolved: Resolvable): StubHook {
  // The usual case: a plain value, which refers to nothing.
  if (hook.payload?.isFlat) return hook;
  let next: StubHook | undefined = hook;
  let last = hook;
  let rank = resolved.rank ?? 0;
  while (next) {
    const shared: Resolvable | undefined = (next as ForwardingHook<Resolvable>).live;
    rank++;
    if (rank > LONGEST_CHAIN || shared === resolved) return refuse(hook);
    last = next;
    next = next.next();
    // Most stand for nothing else, and need no such field.
    if (next ? (shared?.rank ?? 0) < rank : isUnsettled(shared)) shared!.rank = rank;
  }
  const { payload } = last;
  const isOf = (each: StubHook) => (each as ForwardingHook<Resolvable>).live === resolved;
  return payload && holds(payload, isOf) ? refuse(hook) : hook;
}

function refuse(hook: StubHook): StubHook {
  hook.dispose();
  return new ErrorHook(new TypeError("A promise can't be a part of itself."));
}

/** True if something may still turn out to be another thing. */
function isUnsettled(shared: Resolvable | undefined): boolean {
  return shared !== undefined && "settle" in shared && shared.resolution === undefined;
}

/**
 * A reference that passes every operation on to the hook that it stands for, as soon as that is
 * known. Subclasses handle the operations before that.
 */
export abstract class ForwardingHook<S extends Resolvable> extends SharedHook<S> {
  override peek(): Payload | undefined {
    return this.shared.resolution?.peek();
  }

  override pull(puller: Puller): void {
    const { shared } = this;
    (shared.resolution ?? shared).pull(puller);
  }

  override onBroken(listener: BrokenListener): void {
    const { shared } = this;
    listener.waitAt(this);
    (shared.resolution ?? shared).onBroken(listener);
  }

  protected override describeShared({ resolution }: S): string {
    return resolution?.describe() ?? "pending";
  }

  override next(): StubHook | undefined {
    return this.live?.resolution;
  }

  override settled(): StubHook {
    return this.next()?.settled() ?? this;
  }
}
