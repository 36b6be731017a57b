import type { BrokenListener } from "../broken-listener.ts";
import { holds } from "../model/holding.ts";
import { ErrorHook, type Puller, type StubHook } from "../model/hook.ts";
import type { Payload } from "../model/payload.ts";
import { type Shared, SharedHook } from "../model/shared-hook.ts";

/** Something that turns out to be another thing: a promise, or an import. */
export interface Resolvable extends Shared, Pick<StubHook, "pull" | "onBroken"> {
  /** The hook that it turned out to be. */
  readonly resolution: StubHook | undefined;
  /** The length of the longest chain of things that stand for this one, if there are any. */
  rank?: number;
  /** Says what it turned out to be. Takes over `hook`. */
  settle(hook: StubHook): void;
}

/** The most promises that may stand for one another before it is taken that they never end. */
const LONGEST_CHAIN = 256;

/**
 * Sees to it that nothing resolves to itself, which would be followed for ever, or to a value that
 * refers to it, which would hold itself for ever; and that no chain of promises grows longer than a
 * stack can follow, in whichever order a peer links it. Takes over `hook`.
 *
 * @returns the hook, or a failure if it can't be what `resolved` stands for
 */
export function checkResolution(hook: StubHook, resolved: Resolvable): StubHook {
  // Most are: plain values, which refer to nothing.
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

/** Whether something may come to stand for another thing. */
function isUnsettled(shared: Resolvable | undefined): boolean {
  return shared !== undefined && "settle" in shared && shared.resolution === undefined;
}

/**
 * A reference that passes everything on to the hook that it stands for, as soon as that is known.
 * Subclasses say what becomes of calls until then.
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
    this.listen(listener);
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
