import { type Expression, LimitError } from "@capnweb/wire";
import type { BrokenListener } from "../broken-listener.ts";
import { type Budget, further } from "../budget.ts";
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

/**
 * A hook that is still to come. What is done with its references meanwhile is kept in order, and
 * done once {@link Deferred.settle} says what they stand for.
 */
export class Deferred extends Shared implements Resolvable {
  #resolution: StubHook | undefined;
  readonly #waiting: ((hook: StubHook) => void)[] = [];
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

  /** Settles with what `make` gives: code that may throw, in which case the failure is what is settled. */
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
   * Does the steps from `start` on. A peer may have a thousand operations wait for one promise, each
   * of which takes long: when the turn is over, the others wait for the next one.
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
    this.#resolution?.dispose();
  }

  deliverCall(path: PropertyPath, args: Payload): StubHook {
    args.own();
    const size = sizeOfArguments(args) + sizeOfPart(args.budget, path);
    const next = further(args.budget);
    args.budget = next;
    return this.#later((hook) => hook.call(path, args), next, size);
  }

  deliverMap(
    path: PropertyPath,
    captures: StubHook[],
    instructions: Expression[],
    budget?: Budget,
  ): StubHook {
    const next = further(budget);
    const size = sizeOfPart(budget, [path, instructions]);
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
      return this.#later((hook) => hook.get(path, next), next, size);
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

  onBroken(listener: BrokenListener): void {
    this.#waiting.push((hook) => listenTo(hook, listener));
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
function runStep(step: (hook: StubHook) => void, hook: StubHook): void {
  nesting++;
  try {
    step(hook);
  } catch (error) {
    // A session that went over a limit has said so.
    if (!(error instanceof LimitError)) reportError(error, "internal");
  } finally {
    nesting--;
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

  override whenSettled(callback: (hook: StubHook) => void): void {
    this.live?.whenSettled(callback);
  }
}
