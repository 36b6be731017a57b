import { LimitError, type Limits, type Meter } from "@capnweb/wire";
import { overLimit } from "@capnweb/wire/internal";
import type { CallSession } from "./call-context/call-context.ts";
import type { Carried } from "./call-context/carried.ts";
import { endOver, LENGTH_PER_STEP, LOCAL_STEPS, MOST_HOPS, STEPS } from "./call-context/counts.ts";
import type { ErrorListener } from "./report.ts";

/** A session, as the work that its messages set off sees it. */
export interface BudgetOwner {
  readonly limits: Limits;
  /** Receives failures of the application's code that no caller can be told about. */
  readonly onError: ErrorListener | undefined;
  /** The limit that ended the session, if one did. Waiting work is then dropped. */
  readonly exceededLimit: LimitError | undefined;
  /** Ends the session, because a message set off too much. */
  exceeded(error: LimitError): void;
  /**
   * Notes that a call of the peer has begun.
   *
   * @throws LimitError for too many calls
   */
  callBegan(call: PendingCall): void;
  callEnded(call: PendingCall): void;
  readonly held: HoldsBytes;
  /** The interceptors around the operations that the peer asks for, if there are any. */
  readonly serving: object | undefined;
  readonly lifetime?: { readonly over: { readonly error: unknown } | undefined };
  /** The session as applications see it. */
  readonly face: CallSession | undefined;
}

/** An account of the bytes that are held for a peer. */
export interface HoldsBytes {
  /** @throws LimitError for too many bytes; the session is then over */
  add(bytes: number): void;
  remove(bytes: number): void;
}

/** A call of the peer that hasn't ended. */
export interface PendingCall {
  /** Bytes held for the call besides a flat amount. */
  readonly size: number;
  /** Makes the call fail, whatever its method does. */
  fail(error: unknown): void;
  // The call's place in the session's list of calls, which alone sets it. The call itself is the
  // list's link, because an object for each would take 3 % of a call.
  /** Whether the call is in the list: it has begun and not ended. */
  isPending: boolean;
  before: PendingCall | undefined;
  after: PendingCall | undefined;
  /** The time when the call fails, on the clock of `performance.now()`. */
  deadline: number;
}

/**
 * The work that one received message may set off. It is passed on to everything that the message
 * does: decoding, instructions, calls, copies, answers.
 */
export class Budget implements Meter {
  readonly owner: BudgetOwner | undefined;
  /** The message's size, in UTF-16 code units and bytes. */
  readonly size: number;
  /** The number of steps that are left. */
  left: number;
  /** Bytes of texts, buffers and references that were made besides those of the message. */
  made = 0;
  /** Whether a part of the work had to wait, so that fewer steps may be left later. */
  isLate = false;
  /**
   * The context that the message came with, or that the calls of a scope have. A field only if
   * there is one.
   */
  declare carried: Carried | undefined;

  constructor(owner: BudgetOwner | undefined, size: number) {
    this.owner = owner;
    this.size = size;
    this.left = owner ? owner.limits.maxWork : LOCAL_STEPS;
  }

  /** The account that this one is a view of: that of the message or of a scope. */
  get root(): Budget {
    return this;
  }

  /** @throws LimitError if the session has exceeded a limit meanwhile */
  requireOpen(): void {
    const error = this.owner?.exceededLimit;
    if (error) throw error;
  }

  /** The number of steps that were taken. */
  get spent(): number {
    return (this.owner ? this.owner.limits.maxWork : LOCAL_STEPS) - this.left;
  }

  /** The bytes held for the message: its own, and those made besides. */
  get kept(): number {
    return this.size + this.made;
  }

  /** The interceptors that an operation of this account still has to pass. */
  get serving(): object | undefined {
    return this.owner?.serving;
  }

  /** The account of operations that an operation of this account sets off. */
  get ofNested(): Budget {
    return this;
  }

  /** The depth of the work in expressions. */
  getDepth(): number {
    return 0;
  }

  /** @throws LimitError if no steps are left; the session is then over */
  spend(steps: number): void {
    this.left -= steps;
    if (this.left < 0) this.#fail();
  }

  /**
   * Counts steps of encoding an answer. The peer isn't to blame for an application's answer, so an
   * answer that takes too long fails alone, and the session goes on.
   *
   * @throws LimitError if no steps are left
   */
  countEncoding(steps: number): void {
    this.left -= steps;
    if (this.left >= 0) return;
    // The rest is for the answer that reports the failure.
    this.left = 0;
    const maxWork = this.owner ? this.owner.limits.maxWork : LOCAL_STEPS;
    throw overLimit(
      "maxWork",
      `The answer takes more than the ${maxWork} steps that a message may set off. Answer with less at a time, or with a stream.`,
    );
  }

  /** The view of work on an answer, which counts as {@link countEncoding} does. */
  ofAnswer(): Budget {
    return new AnswerView(this, this.getDepth(), 0);
  }

  /** Counts bytes that were made, and are held as long as the message's result is. */
  keep(bytes: number): void {
    this.made += bytes;
  }

  /** Notes that a part of the work waits. */
  wait(): void {
    this.isLate = true;
  }

  /** Counts a text or buffer that is made, by its code units or bytes. */
  make(length: number): void {
    this.made += length;
    this.spend(Math.floor(length / LENGTH_PER_STEP));
  }

  /** The view of work at a depth. */
  at(depth: number): Budget {
    return new BudgetView(this, depth, 0);
  }

  /**
   * The view of an operation that a promise passes on.
   *
   * @throws LimitError for an operation that goes in a circle
   */
  further(): Budget {
    this.spend(STEPS.hop);
    this.wait();
    return new BudgetView(this, 0, 1);
  }

  #fail(): never {
    if (!this.owner) {
      throw new LimitError("What promises in a value resolve to is too much: await it instead.");
    }
    endOver(this.owner, "maxWork");
  }
}

/** A budget as a part of the work sees it. All parts share the steps that are left. */
class BudgetView extends Budget {
  readonly #depth: number;
  readonly #root: Budget;
  readonly #hops: number;

  constructor(root: Budget, depth: number, hops: number) {
    super(root.owner, root.size);
    this.#root = root;
    this.#depth = depth;
    this.#hops = hops;
  }

  override get root(): Budget {
    return this.#root;
  }

  override getDepth(): number {
    return this.#depth;
  }

  override spend(steps: number): void {
    this.#root.spend(steps);
  }

  override countEncoding(steps: number): void {
    this.#root.countEncoding(steps);
  }

  override wait(): void {
    this.#root.wait();
  }

  override keep(bytes: number): void {
    this.#root.keep(bytes);
  }

  override make(length: number): void {
    this.#root.make(length);
  }

  override at(depth: number): Budget {
    return new BudgetView(this.#root, depth, this.#hops);
  }

  override further(): Budget {
    this.spend(STEPS.hop);
    this.wait();
    if (this.#hops < MOST_HOPS) return new BudgetView(this.#root, this.#depth, this.#hops + 1);
    const error = new LimitError(
      `An operation was passed on by more than ${MOST_HOPS} promises. Does it wait for itself?`,
    );
    this.owner?.exceeded(error);
    throw error;
  }
}

/** A budget seen by work on an answer: too much of it fails the answer, and nothing else. */
class AnswerView extends BudgetView {
  override spend(steps: number): void {
    this.countEncoding(steps);
  }
}

/** The view of an operation that a promise passes on, for a peer or for this side. */
export function further(budget: Budget | undefined): Budget {
  return (budget ?? new Budget(undefined, 0)).further();
}
