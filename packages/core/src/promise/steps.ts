import type { Expression } from "@capnweb/wire";
import { type Budget, further, type PendingCall } from "../budget.ts";
import { STEPS, WAITING_STEP_BYTES } from "../call-context/counts.ts";
import { ErrorHook, type PropertyPath, type StubHook } from "../model/hook.ts";
import type { Payload } from "../model/payload.ts";
import { sizeOfArguments, sizeOfPart } from "../model/waiting-size.ts";
import type { ErrorListener } from "../report.ts";
import { Deferred, type Step } from "./deferred.ts";

/**
 * Calls `of` once it is there. Takes over `args`.
 *
 * @returns the result, still to come
 * @throws LimitError for too many pending calls, or too many bytes held
 */
export function callLater(of: Deferred, path: PropertyPath, args: Payload): Deferred {
  args.own();
  const size = sizeOfArguments(args) + sizeOfPart(args.budget, path);
  const next = further(args.budget);
  args.budget = next;
  if (!next.owner) return later(of, (hook) => hook.call(path, args), next, size);
  return begin(new CallStep(of, next, path, size, args), of);
}

/** Does what {@link callLater} does, for a recorded `map()` callback. Takes over the captures. */
export function mapLater(
  of: Deferred,
  path: PropertyPath,
  captures: StubHook[],
  instructions: Expression[],
  budget: Budget | undefined,
): Deferred {
  const next = further(budget);
  const size = sizeOfPart(budget, [path, instructions]);
  if (next.owner) return begin(new MapStep(of, next, path, size, captures, instructions), of);
  return later(of, (hook) => hook.map(path, captures, instructions, next), next, size);
}

/** Does what {@link callLater} does, for a chunk of a stream. */
export function streamLater(of: Deferred, path: PropertyPath, args: Payload): Deferred {
  args.own();
  const size = sizeOfArguments(args) + sizeOfPart(args.budget, path);
  const next = further(args.budget);
  args.budget = next;
  return later(of, (hook) => hook.stream(path, args).result, next, size);
}

/**
 * Reads a property of `of` once it is there.
 *
 * @throws LimitError for too many bytes held
 */
export function getLater(of: Deferred, path: PropertyPath, budget: Budget | undefined): Deferred {
  const next = further(budget);
  const size = path.length === 0 ? 0 : sizeOfPart(budget, path);
  const step = new PropertyStep(of, path, next, WAITING_STEP_BYTES + size);
  of.wait(step);
  return step;
}

/** @throws LimitError for too many pending calls */
function begin(step: PendingStep, of: Deferred): Deferred {
  step.begin();
  of.wait(step);
  return step;
}

/**
 * Does `step` once `of` is there. It waits even if the peer gives up the result.
 *
 * @param size the bytes that the step holds for the peer besides a flat amount
 * @throws LimitError for too many bytes held; the session is then over
 */
function later(
  of: Deferred,
  step: (hook: StubHook) => StubHook,
  { owner }: Budget,
  size: number,
): Deferred {
  const result = new Deferred();
  const bytes = WAITING_STEP_BYTES + size;
  owner?.held.add(bytes);
  of.wait((hook) => {
    owner?.held.remove(bytes);
    result.settleFrom(() => step(hook));
  });
  return result;
}

/**
 * A property of a promise, still to come. It is given up with its last reference, because a peer
 * may name a property of a promise that never settles any number of times.
 */
class PropertyStep extends Deferred implements Step {
  isGivenUp = false;
  readonly #of: Deferred;
  readonly #path: PropertyPath;
  readonly #budget: Budget;
  /** The number of bytes that it holds for the peer. */
  readonly #bytes: number;

  /** @throws LimitError for too many bytes held; the session is then over */
  constructor(of: Deferred, path: PropertyPath, budget: Budget, bytes: number) {
    super();
    this.#of = of;
    this.#path = path;
    this.#budget = budget;
    this.#bytes = bytes;
    budget.owner?.held.add(bytes);
  }

  get onError(): ErrorListener | undefined {
    return this.#budget.owner?.onError;
  }

  run(hook: StubHook): void {
    this.#budget.owner?.held.remove(this.#bytes);
    this.settleFrom(() => hook.get(this.#path, this.#budget));
  }

  protected override unwanted(): void {
    this.#of.unneeded();
  }

  protected override unused(): void {
    if (this.isGivenUp) return;
    this.#budget.owner?.held.remove(this.#bytes);
    this.#of.giveUp(this);
  }
}

/**
 * The result of a peer's call or `map()` on a promise that is still to come. It counts as pending
 * while it waits for the promise, and may fail meanwhile.
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

  get onError(): ErrorListener | undefined {
    return this.budget.owner?.onError;
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

  override fail(error: unknown): void {
    // It may have begun because another one failed.
    if (this.#hasBegun) return;
    this.#of.giveUp(this);
    this.abandon();
    this.settle(new ErrorHook(error));
  }

  protected abstract deliver(hook: StubHook): StubHook;

  /** Disposes of everything that the step holds. */
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
