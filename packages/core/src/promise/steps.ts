import type { Expression } from "@capnweb/wire";
import { type Budget, type BudgetOwner, further } from "../budget.ts";
import { WAITING_STEP_BYTES } from "../call-context/counts.ts";
import type { PropertyPath, StubHook } from "../model/hook.ts";
import type { Disposer, Payload } from "../model/payload.ts";
import { sizeOfArguments, sizeOfPart } from "../model/waiting-size.ts";
import type { ErrorListener } from "../report.ts";
import { CountedCall } from "./counted-call.ts";
import { Deferred, type Step } from "./deferred.ts";

/**
 * Calls `of` once it is there. Takes over `args`.
 *
 * @returns the result, still to come
 * @throws LimitError for too many pending calls, or too many bytes held
 */
export function callLater(of: Deferred, path: PropertyPath, args: Payload): Deferred {
  const size = passOn(args, path);
  return begin(of, (hook) => hook.call(path, args), args.budget!, size, [args]);
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
  return begin(of, (hook) => hook.map(path, captures, instructions, next), next, size, captures);
}

/** Does what {@link callLater} does, for a chunk of a stream. */
export function streamLater(of: Deferred, path: PropertyPath, args: Payload): Deferred {
  const size = passOn(args, path);
  return later(of, (hook) => hook.stream(path, args).result, args.budget!, size);
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

/** Prepares arguments for a wait. Returns the bytes that they and the path hold for the peer. */
function passOn(args: Payload, path: PropertyPath): number {
  args.own();
  const size = sizeOfArguments(args) + sizeOfPart(args.budget, path);
  args.budget = further(args.budget);
  return size;
}

/**
 * Does `step` once `of` is there, as a pending call of the peer that has the budget.
 *
 * @param parts the parts of the call, which are disposed of if it fails meanwhile
 * @throws LimitError for too many pending calls, or too many bytes held
 */
function begin(
  of: Deferred,
  step: (hook: StubHook) => StubHook,
  budget: Budget,
  size: number,
  parts: readonly Disposer[],
): Deferred {
  if (!budget.owner) return later(of, step, budget, size);
  const call = new CallStep(of, step, budget.owner, size, parts).begin(budget);
  of.wait(call);
  return call;
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
class CallStep extends CountedCall implements Step {
  isGivenUp = false;
  readonly #of: Deferred;
  readonly #step: (hook: StubHook) => StubHook;
  readonly #parts: readonly Disposer[];
  #hasBegun = false;

  constructor(
    of: Deferred,
    step: (hook: StubHook) => StubHook,
    owner: BudgetOwner,
    size: number,
    parts: readonly Disposer[],
  ) {
    super(owner, size);
    this.#of = of;
    this.#step = step;
    this.#parts = parts;
  }

  get onError(): ErrorListener | undefined {
    return this.owner.onError;
  }

  run(hook: StubHook): void {
    this.#hasBegun = true;
    this.ended();
    this.settleFrom(() => this.#step(hook));
  }

  override fail(error: unknown): void {
    // It may have begun because another one failed.
    if (this.#hasBegun) return;
    this.#of.giveUp(this);
    for (const part of this.#parts) part.dispose();
    super.fail(error);
  }
}
