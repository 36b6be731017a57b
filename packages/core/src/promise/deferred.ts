import { LimitError } from "@capnweb/wire";
import type { BrokenListener } from "../broken-listener.ts";
import { ErrorHook, type Puller, pullInto, type StubHook } from "../model/hook.ts";
import { Shared } from "../model/shared-hook.ts";
import { handleUnread } from "../model/unread-promises.ts";
import { type ErrorListener, reportError } from "../report.ts";
import { afterInput, isTurnOver } from "../turns/turns.ts";
import { checkResolution, type Resolvable } from "./forwarding-hook.ts";

/** The number of promises that are being settled, each by a step of the one before. */
let nesting = 0;
/** A step that waits for a promise, and that may be given up before. */
export interface Step {
  isGivenUp: boolean;
  /** Receives the error of a step that fails to run, which never should. */
  readonly onError?: ErrorListener | undefined;
  run(hook: StubHook): void;
}

/** Work that waits for a promise. Pullers wait as they are, which costs no function for each. */
type Waiting = Step | Puller | ((hook: StubHook) => void);

/**
 * A hook that is still to come. Steps that need it wait in order until {@link Deferred.settle} says
 * which hook the references stand for.
 */
export class Deferred extends Shared implements Resolvable {
  private outcome: StubHook | undefined = undefined;
  /** The step that waits first. Most results have one or two. */
  private first: Waiting | undefined = undefined;
  /** The other waiting steps. */
  private others: Waiting[] | undefined = undefined;
  /** The number of waiting steps that were given up. */
  private countOfGivenUp = 0;
  /**
   * The number of waiting steps that need the value, and don't only learn of it; -1 once none does.
   */
  private needing = 0;
  private isSettling = false;
  /** True if a callback waits that need not wait twice: only then a field. */
  declare isWatched: boolean | undefined;
  /** Called as {@link unwanted} is, if a method's call is over by then: only then a field. */
  declare onUnwanted: (() => void) | undefined;

  /** The hook that the references stand for, once all waiting steps have been done. */
  get resolution(): StubHook | undefined {
    return this.outcome;
  }

  /** Says which hook the references stand for. Takes over `hook`. Later calls are ignored. */
  settle(hook: StubHook): void {
    // The nesting from which a chain of calls on results continues a microtask later. Stacks are
    // finite.
    const DEEPEST_NESTING = 64;
    if (this.isSettling) {
      hook.dispose();
      return;
    }
    this.isSettling = true;
    const resolution = checkResolution(hook, this);
    if (nesting < DEEPEST_NESTING) this.resolve(resolution);
    else queueMicrotask(() => this.resolve(resolution));
  }

  /** Settles with a failure, unless it is settled already. */
  fail(error: unknown): void {
    this.settle(new ErrorHook(error));
  }

  /** Settles with the hook that `make` returns. If `make` throws, settles with the failure. */
  settleFrom(make: () => StubHook): void {
    let hook: StubHook;
    try {
      hook = make();
    } catch (error) {
      hook = new ErrorHook(error);
    }
    this.settle(hook);
  }

  /** Hands `hook` to all waiting steps. */
  protected resolve(hook: StubHook): void {
    this.resolveFrom(0, hook);
  }

  /** The number of waiting steps. */
  private get waiting(): number {
    return this.first ? 1 + (this.others?.length ?? 0) : 0;
  }

  private add(step: Waiting): void {
    if (!this.first) this.first = step;
    else if (this.others) this.others.push(step);
    else this.others = [step];
  }

  /**
   * Does the steps from `start` on. When the turn is over, the rest wait for the next one: a peer
   * may have a thousand long operations wait for one promise.
   */
  private resolveFrom(start: number, hook: StubHook): void {
    // A step may run application code that makes calls on a reference again. Such a call queues up
    // behind the waiting ones, so the resolution becomes visible only when the queue is empty.
    for (let i = start; i < this.waiting; i++) {
      if (i > start && isTurnOver()) {
        // Until then, rejections of native promises in the value would be unhandled.
        handleUnread(hook);
        afterInput(() => this.resolveFrom(i, hook));
        return;
      }
      runStep(i === 0 ? this.first! : this.others![i - 1]!, hook);
    }
    this.first = undefined;
    this.others = undefined;
    if (this.count === 0) hook.dispose();
    else this.outcome = hook;
  }

  /** True if a reference is left, or a waiting step needs the value. */
  get isUsed(): boolean {
    return this.count > 0 || this.needing > 0;
  }

  override drop(): void {
    if (this.outcome) this.outcome.dispose();
    else this.dropIfUnused();
  }

  private dropIfUnused(): void {
    if (this.count > 0 || this.isSettling) return;
    if (this.needing === 0) {
      this.needing = -1;
      this.unwanted();
    }
    if (this.countOfGivenUp === this.waiting) this.unused();
  }

  /** Called when nothing refers to this any more, and nothing waits for it. */
  protected unused(): void {}

  /**
   * Called at most once, when the value is no longer needed. The remaining steps only learn of it:
   * they are answers to a peer that has given up the export.
   */
  protected unwanted(): void {
    this.onUnwanted?.();
  }

  /** Keeps the value wanted, although the last reference is about to go. */
  keep(): void {
    if (this.count === 1 && this.needing === 0) this.needing = -1;
  }

  /** Notes that a waiting step no longer needs the value. */
  unneeded(): void {
    this.needing--;
    this.dropIfUnused();
  }

  /** Gives up a step. Idempotent. */
  giveUp(step: Step): void {
    // The number of given-up steps from which their places are freed.
    const MOST_GIVEN_UP = 32;
    if (step.isGivenUp) return;
    step.isGivenUp = true;
    if (this.isSettling) return;
    this.countOfGivenUp++;
    if (this.countOfGivenUp > MOST_GIVEN_UP && this.countOfGivenUp * 2 > this.waiting) {
      const all = [this.first!, ...this.others!];
      [this.first, ...this.others] = all.filter((each) => !(each as Partial<Step>).isGivenUp);
      this.countOfGivenUp = 0;
    }
    this.dropIfUnused();
  }

  /** Does `step`, which needs the value, once the hook is there. */
  wait(step: Step | ((hook: StubHook) => void)): void {
    this.needing++;
    this.add(step);
  }

  pull(puller: Puller): void {
    this.add(puller);
  }

  whenSettled(callback: (hook: StubHook) => void): void {
    if (this.outcome) this.outcome.whenSettled(callback);
    else this.add((hook) => hook.whenSettled(callback));
  }

  /** Does as {@link whenSettled}, for the first of these callbacks only: they do the same. */
  watchOnce(callback: (hook: StubHook) => void): void {
    if (this.isWatched) return;
    this.isWatched = true;
    this.whenSettled(callback);
  }

  /**
   * Does what {@link whenSettled} does.
   *
   * @returns whether `watch` has to wait
   */
  watch(watch: Watch): boolean {
    if (this.outcome) {
      watch.run(this.outcome);
      return false;
    }
    this.add(watch);
    return true;
  }

  onBroken(listener: BrokenListener): void {
    this.add((hook) => listenTo(hook, listener));
  }
}

/** Runs a step. An error in it doesn't keep the others from running. */
function runStep(step: Waiting, hook: StubHook): void {
  nesting++;
  try {
    if (typeof step === "function") step(hook);
    else if (!("run" in step)) pullInto(hook, step);
    else if (!step.isGivenUp) step.run(hook);
  } catch (error) {
    // A session that exceeded a limit has reported it.
    if (!(error instanceof LimitError)) {
      reportError(error, "internal", (step as Partial<Step>).onError);
    }
  } finally {
    nesting--;
  }
}

/** Learns which hook a promise stands for. */
export abstract class Watch implements Step {
  isGivenUp = false;
  /** Another watch of the same reference. */
  declare next: Watch | undefined;

  run(hook: StubHook): void {
    hook.whenSettled((settled) => this.came(settled));
  }

  /** Notes that the promise stands for `hook`. */
  protected abstract came(hook: StubHook): void;
}

/** Calls `listener` when `hook` can't work any more: at once, if it can't now. */
export function listenTo(hook: StubHook, listener: BrokenListener): void {
  try {
    hook.onBroken(listener);
  } catch (error) {
    listener.call(error);
  }
}
