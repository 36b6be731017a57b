import { LimitError, type Limits, overLimit } from "@capnweb/wire";

/** As how many steps the parts of the work count that aren't values; a step takes about 0.1 µs. */
export const STEPS = Object.freeze({
  /** A call of an application's function. */
  call: 16,
  /** A `map()` instruction, for each element. */
  instruction: 16,
  /** An element that `map()` goes through. */
  element: 16,
  /** An operation that is passed on by a promise. */
  hop: 16,
  /** A promise found in what another promise resolved to. */
  promiseFound: 16,
  /** A reference that a copied value gets of its own. */
  reference: 8,
  /** An answer to the peer. */
  answer: 32,
});

/** How many promises and calls may pass on one operation. */
const MOST_HOPS = 256;

/** How many steps there are where no message asked for the work. */
const LOCAL_STEPS = 2 ** 20;

/** A session, seen by the work that its messages set off. */
export interface BudgetOwner {
  readonly limits: Limits;
  /** The session ends: a message set off too much. */
  exceeded(error: LimitError): void;
  /** A call of the peer is under way. @throws LimitError for too many */
  callBegan(call: PendingCall): void;
  callEnded(call: PendingCall): void;
  readonly held: HoldsBytes;
}

/** An account of the bytes that are held for a peer. */
export interface HoldsBytes {
  /** @throws LimitError for too many; the session is over then */
  add(bytes: number): void;
  remove(bytes: number): void;
}

/** A call of the peer that is under way. */
export interface PendingCall {
  /** Has the call fail, whatever its method does. */
  fail(error: unknown): void;
}

/**
 * The work that one received message may set off. It is handed on to everything that the message
 * does: decoding, instructions, calls, copies, answers. Views of one budget share what is left.
 */
export class Budget {
  readonly owner: BudgetOwner | undefined;
  /** How deep in expressions the work is that has this view. */
  readonly depth: number;
  /** The size of the message, in UTF-16 code units and bytes. */
  readonly size: number;
  readonly #root: Budget;
  readonly #hops: number;
  #left: number;

  constructor(owner?: BudgetOwner, size = 0, root?: Budget, depth = 0, hops = 0) {
    this.owner = owner;
    this.size = size;
    this.depth = depth;
    this.#root = root ?? this;
    this.#hops = hops;
    this.#left = owner?.limits.maxWork ?? LOCAL_STEPS;
  }

  /** The steps that were taken. */
  get spent(): number {
    return (this.owner?.limits.maxWork ?? LOCAL_STEPS) - this.#root.#left;
  }

  /** @throws LimitError if there are no more steps; the session is over then */
  spend(steps: number): void {
    const root = this.#root;
    root.#left -= steps;
    if (root.#left < 0) this.#fail();
  }

  /** The view of work at a depth. */
  at(depth: number): Budget {
    return new Budget(this.owner, this.size, this.#root, depth, this.#hops);
  }

  /**
   * The view of an operation that a promise passes on.
   *
   * @throws LimitError for an operation that goes in a circle
   */
  further(): Budget {
    this.spend(STEPS.hop);
    if (this.#hops < MOST_HOPS) {
      return new Budget(this.owner, this.size, this.#root, this.depth, this.#hops + 1);
    }
    throw this.#exceeded(
      new LimitError(
        `An operation was passed on by more than ${MOST_HOPS} promises. Does it wait for itself?`,
      ),
    );
  }

  #fail(): never {
    if (!this.owner) {
      throw new LimitError("What promises in a value resolve to is too much: await it instead.");
    }
    const { maxWork } = this.owner.limits;
    throw this.#exceeded(overLimit("maxWork", `A message set off more than ${maxWork} steps.`));
  }

  #exceeded(error: LimitError): LimitError {
    this.owner?.exceeded(error);
    return error;
  }
}

/** The view of an operation that a promise passes on, whoever asked for it. */
export function further(budget: Budget | undefined): Budget {
  return (budget ?? new Budget()).further();
}
