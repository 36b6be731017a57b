import { type Expression, LimitError } from "@capnweb/wire";
import type { BrokenListener } from "../broken-listener.ts";
import { type Budget, further, type PendingCall, STEPS } from "../budget.ts";
import {
  ErrorHook,
  type PropertyPath,
  type Puller,
  pullInto,
  type StreamedCall,
  type StubHook,
} from "../model/hook.ts";
import type { Payload } from "../model/payload.ts";
import { Shared } from "../model/shared-hook.ts";
import { sizeOfArguments, sizeOfPart } from "../model/waiting-size.ts";
import { reportError } from "../report.ts";
import { inNextTurn, isTurnOver } from "../turns/turns.ts";
import {
  type Callee,
  checkResolution,
  ForwardingHook,
  type Resolvable,
} from "./forwarding-hook.ts";

/** How many promises are being settled, each by what waited for the one before. */
let nesting = 0;
/** From here on a chain of calls on results goes on a microtask later: stacks are finite. */
const DEEPEST_NESTING = 64;

/** As how many bytes a step counts that waits. */
const WAITING_STEP = 896;

/** Something that waits for a promise, and that may be given up before. */
interface Step {
  isGivenUp: boolean;
  run(hook: StubHook): void;
}

/** From so many steps on that were given up, their places are taken back. */
const MOST_GIVEN_UP = 32;

/**
 * A hook that is still to come. What is done with its references meanwhile is kept in order, and
 * done once {@link Deferred.settle} says what they stand for.
 */
export class Deferred extends Shared implements Resolvable {
  #resolution: StubHook | undefined;
  #waiting: (Step | ((hook: StubHook) => void))[] = [];
  /** The number of them that were given up. */
  #givenUp = 0;
  #settling = false;

  /** What the references stand for, once everything done with them before has been passed on. */
  get resolution(): StubHook | undefined {
    return this.#resolution;
  }

  get callee(): Callee {
    return this.#resolution ?? this;
  }

  /** Says what the references stand for. Takes over `hook`. Later calls are ignored. */
  settle(hook: StubHook): void {
    if (this.#settling) {
      hook.dispose();
      return;
    }
    this.#settling = true;
    const resolution = checkResolution(hook, this);
    if (nesting < DEEPEST_NESTING) this.resolve(resolution);
    else queueMicrotask(() => this.resolve(resolution));
  }

  /**
   * Settles with what `make` gives: code that may throw, in which case the failure is what is
   * settled.
   */
  settleFrom(make: () => StubHook): void {
    let hook: StubHook;
    try {
      hook = make();
    } catch (error) {
      hook = new ErrorHook(error);
    }
    this.settle(hook);
  }

  /** Hands `hook` to everything that waits. */
  protected resolve(hook: StubHook): void {
    this.#resolveFrom(0, hook);
  }

  /**
   * Does the steps from `start` on. A peer may have a thousand operations wait for one promise,
   * each of which takes long: when the turn is over, the others wait for the next one.
   */
  #resolveFrom(start: number, hook: StubHook): void {
    // A step may run application code that calls on a reference again: that call queues up behind
    // those already waiting, so the resolution shows only when the queue is empty.
    for (let i = start; i < this.#waiting.length; i++) {
      if (i > start && isTurnOver()) {
        inNextTurn(() => this.#resolveFrom(i, hook));
        return;
      }
      runStep(this.#waiting[i]!, hook);
    }
    this.#waiting.length = 0;
    if (this.count === 0) hook.dispose();
    else this.#resolution = hook;
  }

  override drop(): void {
    if (this.#resolution) this.#resolution.dispose();
    else this.#dropIfUnused();
  }

  #dropIfUnused(): void {
    if (this.count > 0 || this.#settling) return;
    if (this.#givenUp === this.#waiting.length) this.unused();
  }

  /** Nothing refers to this any more, and nothing waits for it. */
  protected unused(): void {}

  /** Gives up a step. Idempotent. */
  giveUp(step: Step): void {
    if (step.isGivenUp) return;
    step.isGivenUp = true;
    if (this.#settling) return;
    this.#givenUp++;
    if (this.#givenUp > MOST_GIVEN_UP && this.#givenUp * 2 > this.#waiting.length) {
      this.#waiting = this.#waiting.filter((each) => typeof each === "function" || !each.isGivenUp);
      this.#givenUp = 0;
    }
    this.#dropIfUnused();
  }

  deliverCall(path: PropertyPath, args: Payload): StubHook {
    args.own();
    const size = sizeOfArguments(args) + sizeOfPart(args.budget, path);
    const next = further(args.budget);
    args.budget = next;
    if (!next.owner) return this.#later((hook) => hook.call(path, args), next, size);
    return this.#callLater(new CallStep(this, next, path, size, args));
  }

  deliverMap(
    path: PropertyPath,
    captures: StubHook[],
    instructions: Expression[],
    budget?: Budget,
  ): StubHook {
    const next = further(budget);
    const size = sizeOfPart(budget, [path, instructions]);
    if (next.owner) {
      return this.#callLater(new MapStep(this, next, path, size, captures, instructions));
    }
    return this.#later((hook) => hook.map(path, captures, instructions, next), next, size);
  }

  deliverStream(path: PropertyPath, args: Payload): StreamedCall {
    args.own();
    const size = sizeOfArguments(args) + sizeOfPart(args.budget, path);
    const next = further(args.budget);
    args.budget = next;
    const result = this.#later((hook) => hook.stream(path, args).result, next, size);
    return { result, size: undefined };
  }

  get(path: PropertyPath, budget?: Budget): StubHook {
    try {
      const next = further(budget);
      const size = path.length === 0 ? 0 : sizeOfPart(budget, path);
      const step = new PropertyStep(this, path, next, WAITING_STEP + size);
      this.#waiting.push(step);
      return new PromiseHook(step);
    } catch (error) {
      // Steps of a promise must not throw.
      return new ErrorHook(error);
    }
  }

  pull(puller: Puller): void {
    this.#waiting.push((hook) => pullInto(hook, puller));
  }

  whenSettled(callback: (hook: StubHook) => void): void {
    if (this.#resolution) this.#resolution.whenSettled(callback);
    else this.#waiting.push((hook) => hook.whenSettled(callback));
  }

  /**
   * Does as {@link whenSettled}.
   *
   * @returns the step to be given up, if `callback` has to wait
   */
  watch(callback: (hook: StubHook) => void): Watch | undefined {
    if (this.#resolution) {
      this.#resolution.whenSettled(callback);
      return undefined;
    }
    const watch = new Watch(callback);
    this.#waiting.push(watch);
    return watch;
  }

  onBroken(listener: BrokenListener): void {
    this.#waiting.push((hook) => listenTo(hook, listener));
  }

  /** @throws LimitError for too many calls that are pending */
  #callLater(step: PendingStep): StubHook {
    step.begin();
    this.#waiting.push(step);
    return new PromiseHook(step);
  }

  /**
   * Does `step` once the resolution is there. It waits even if the peer gives up the result.
   *
   * @param size how many bytes the step holds for the peer besides a flat amount
   * @throws LimitError if that is more than may be held; the session is over then
   */
  #later(step: (hook: StubHook) => StubHook, { owner }: Budget, size: number): StubHook {
    const result = new Deferred();
    const bytes = WAITING_STEP + size;
    owner?.held.add(bytes);
    this.#waiting.push((hook) => {
      owner?.held.remove(bytes);
      result.settleFrom(() => step(hook));
    });
    return new PromiseHook(result);
  }
}

/** Runs a step. The others are done whatever happens in it. */
function runStep(step: Step | ((hook: StubHook) => void), hook: StubHook): void {
  nesting++;
  try {
    if (typeof step === "function") step(hook);
    else if (!step.isGivenUp) step.run(hook);
  } catch (error) {
    // A session that went over a limit has said so.
    if (!(error instanceof LimitError)) reportError(error, "internal");
  } finally {
    nesting--;
  }
}

/** Tells a callback what a promise stands for. */
class Watch implements Step {
  isGivenUp = false;
  /** Another one of the same reference. */
  next: Watch | undefined;
  readonly #callback: (hook: StubHook) => void;

  constructor(callback: (hook: StubHook) => void) {
    this.#callback = callback;
  }

  run(hook: StubHook): void {
    hook.whenSettled(this.#callback);
  }
}

/**
 * A property of a promise, still to come. It is given up with its last reference: a peer may name
 * one of a promise that never settles as often as it likes.
 */
class PropertyStep extends Deferred implements Step {
  isGivenUp = false;
  readonly #of: Deferred;
  readonly #path: PropertyPath;
  readonly #budget: Budget;
  /** The number of bytes that it holds for the peer. */
  readonly #bytes: number;

  /** @throws LimitError if that is more than may be held; the session is over then */
  constructor(of: Deferred, path: PropertyPath, budget: Budget, bytes: number) {
    super();
    this.#of = of;
    this.#path = path;
    this.#budget = budget;
    this.#bytes = bytes;
    budget.owner?.held.add(bytes);
  }

  run(hook: StubHook): void {
    this.#budget.owner?.held.remove(this.#bytes);
    this.settleFrom(() => hook.get(this.#path, this.#budget));
  }

  protected override unused(): void {
    if (this.isGivenUp) return;
    this.#budget.owner?.held.remove(this.#bytes);
    this.#of.giveUp(this);
  }
}

/**
 * The result of a peer's call or map() on a promise that is still to come. It counts as pending
 * while it waits for that, and may fail meanwhile.
 */
abstract class PendingStep extends Deferred implements Step, PendingCall {
  isGivenUp = false;
  isPending = false;
  before: PendingCall | undefined = undefined;
  after: PendingCall | undefined = undefined;
  deadline = 0;
  readonly size: number;
  protected readonly path: PropertyPath;
  protected readonly budget: Budget;
  readonly #of: Deferred;
  #hasBegun = false;

  constructor(of: Deferred, budget: Budget, path: PropertyPath, size: number) {
    super();
    this.#of = of;
    this.budget = budget;
    this.path = path;
    this.size = size;
  }

  begin(): void {
    this.budget.spend(STEPS.pendingCall);
    this.budget.owner!.callBegan(this);
  }

  run(hook: StubHook): void {
    this.#hasBegun = true;
    this.budget.owner!.callEnded(this);
    this.settleFrom(() => this.deliver(hook));
  }

  fail(error: unknown): void {
    // It may have begun because another one failed.
    if (this.#hasBegun) return;
    this.#of.giveUp(this);
    this.abandon();
    this.settle(new ErrorHook(error));
  }

  protected abstract deliver(hook: StubHook): StubHook;

  /** Disposes of what it holds. */
  protected abstract abandon(): void;
}

class CallStep extends PendingStep {
  readonly #args: Payload;

  constructor(of: Deferred, budget: Budget, path: PropertyPath, size: number, args: Payload) {
    super(of, budget, path, size);
    this.#args = args;
  }

  protected deliver(hook: StubHook): StubHook {
    return hook.call(this.path, this.#args);
  }

  protected abandon(): void {
    this.#args.dispose();
  }
}

class MapStep extends PendingStep {
  readonly #captures: StubHook[];
  readonly #instructions: Expression[];

  constructor(
    of: Deferred,
    budget: Budget,
    path: PropertyPath,
    size: number,
    captures: StubHook[],
    instructions: Expression[],
  ) {
    super(of, budget, path, size);
    this.#captures = captures;
    this.#instructions = instructions;
  }

  protected deliver(hook: StubHook): StubHook {
    return hook.map(this.path, this.#captures, this.#instructions, this.budget);
  }

  protected abandon(): void {
    for (const capture of this.#captures) capture.dispose();
  }
}

/** Has `listener` called when `hook` can't work any more, which may be the case already. */
export function listenTo(hook: StubHook, listener: BrokenListener): void {
  try {
    hook.onBroken(listener);
  } catch (error) {
    listener.call(error);
  }
}

/** A reference to something still to come. */
export class PromiseHook extends ForwardingHook<Deferred> {
  override get isLocal(): boolean {
    return true;
  }

  protected override another(shared: Deferred): StubHook {
    return new PromiseHook(shared);
  }

  /** Callbacks that wait as long as this reference is held. Few have any. */
  declare watches: Watch | undefined;

  override whenSettled(callback: (hook: StubHook) => void): void {
    this.live?.whenSettled(callback);
  }

  /** Does as {@link whenSettled}, unless this reference is given up before. */
  whileHeld(callback: (hook: StubHook) => void): void {
    const watch = this.live?.watch(callback);
    if (!watch) return;
    watch.next = this.watches;
    this.watches = watch;
  }

  override dispose(failure?: ErrorHook): void {
    for (let each = this.watches; each; each = each.next) this.live?.giveUp(each);
    super.dispose(failure);
  }
}
