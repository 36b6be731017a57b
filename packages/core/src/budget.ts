import { LimitError, type Limits, type Meter, type ValueTable } from "@capnweb/wire";
import { overLimit } from "@capnweb/wire/internal";
import type { CallSession } from "./call-context/call-context.ts";
import type { Carried } from "./call-context/carried.ts";
import { HOP_STEPS, LENGTH_PER_STEP, LOCAL_STEPS, MOST_HOPS } from "./call-context/counts.ts";
import { endOver } from "./call-context/end-over.ts";
import type { ErrorListener } from "./report.ts";

/** A session, as the work that its messages set off sees it. */
export interface BudgetOwner {
  readonly limits: Limits;
  /** Receives failures of the application's code that no caller can be told about. */
  readonly onError: ErrorListener | undefined;
  /** The limit that ended the session, if one did. Waiting work is then dropped. */
  readonly exceededLimit: LimitError | undefined;
  /** Ends the session because of something that a message did. */
  abort(reason: unknown): void;
  readonly calls: CountsCalls;
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
  /**
   * The approximate bytes of memory of a value that is kept for the peer.
   *
   * @param table says how much memory values take that JSON doesn't have, if there may be some
   */
  sizeOf(value: unknown, table?: ValueTable): number;
}

/** An account of the calls of a peer that are under way. */
export interface CountsCalls {
  /**
   * Notes that a call of the peer has begun.
   *
   * @throws LimitError for too many calls
   */
  began(call: PendingCall): void;
  /** Idempotent. */
  ended(call: PendingCall): void;
}

/** A call of the peer that hasn't ended. */
export interface PendingCall {
  /** Bytes held for the call besides a flat amount. */
  readonly size: number;
  /** Makes the call fail, whatever its method does. */
  fail(error: unknown): void;
  // The call's place in the session's list of calls, which alone sets it. The call itself is the
  // list's link, because an object for each would take 3 % of a call.
  /** True if the call is in the list: it has begun and not ended. */
  isPending: boolean;
  before: PendingCall | undefined;
  after: PendingCall | undefined;
  /** The time when the call fails, on the clock of `performance.now()`. */
  deadline: number;
}

/**
 * The work that one received message may set off. It is passed on to everything that the message
 * does: decoding, instructions, calls, copies, answers. Parts of the work have views of it, which
 * share its counts.
 */
export class Budget implements Meter {
  readonly owner: BudgetOwner | undefined;
  /** The message's size, in UTF-16 code units and bytes. */
  readonly size: number;
  /** The account that this one is a view of: that of the message or of a scope. */
  readonly root: Budget;
  /** The depth of the work in expressions. */
  readonly depth: number;
  /** The number of promises that have passed on the operation. */
  private readonly hops: number;
  /** The number of steps that are left. A view leaves its own alone. */
  left: number;
  /** Bytes of texts, buffers and references that were made besides those of the message. */
  made = 0;
  /** True if a part of the work had to wait, so that fewer steps may be left later. */
  isLate = false;
  /**
   * The context that the message came with, or that the calls of a scope have. A field only then.
   */
  declare carried: Carried | undefined;

  constructor(owner: BudgetOwner | undefined, size: number, root?: Budget, depth = 0, hops = 0) {
    this.owner = owner;
    this.size = size;
    this.root = root ?? this;
    this.depth = depth;
    this.hops = hops;
    this.left = this.most;
  }

  private get most(): number {
    return this.owner ? this.owner.limits.maxWork : LOCAL_STEPS;
  }

  /** @throws LimitError if the session has exceeded a limit meanwhile */
  requireOpen(): void {
    const error = this.owner?.exceededLimit;
    if (error) throw error;
  }

  /** The number of steps that were taken. */
  get spent(): number {
    return this.most - this.left;
  }

  get encodingLeft(): number {
    return this.root.left;
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

  /** @throws LimitError if no steps are left; the session is then over */
  spend(steps: number): void {
    this.root.left -= steps;
    if (this.root.left >= 0) return;
    if (this.owner) endOver(this.owner, "maxWork");
    throw new LimitError("Promises in a value resolve to too much: await them.");
  }

  /**
   * Counts steps of encoding an answer. The peer isn't to blame for an application's answer, so an
   * answer that takes too long fails alone, and the session goes on.
   *
   * @throws LimitError if no steps are left
   */
  countEncoding(steps: number): void {
    const { root } = this;
    root.left -= steps;
    if (root.left >= 0) return;
    // The rest is for the answer that reports the failure.
    root.left = 0;
    throw overLimit({ maxWork: this.most }, "maxWork");
  }

  /** The view of work on an answer, which counts as {@link countEncoding} does. */
  ofAnswer(): Budget {
    return new AnswerBudget(this.owner, this.size, this.root, this.depth);
  }

  /** Counts bytes that were made, and are held as long as the message's result is. */
  keep(bytes: number): void {
    this.root.made += bytes;
  }

  /** Notes that a part of the work waits. */
  wait(): void {
    this.root.isLate = true;
  }

  /** Counts a text or buffer that is made, by its code units or bytes. */
  make(length: number): void {
    this.keep(length);
    this.spend(Math.floor(length / LENGTH_PER_STEP));
  }

  /** The view of work at a depth. */
  at(depth: number): Budget {
    return new Budget(this.owner, this.size, this.root, depth, this.hops);
  }

  /**
   * The view of an operation that a promise passes on.
   *
   * @throws LimitError for an operation that goes in a circle
   */
  further(): Budget {
    this.spend(HOP_STEPS);
    this.wait();
    const { owner } = this;
    if (this.hops < MOST_HOPS) {
      return new Budget(owner, this.size, this.root, this.depth, this.hops + 1);
    }
    const error = new LimitError(
      `More than ${MOST_HOPS} promises pass on an operation. Does it wait for itself?`,
    );
    owner?.abort(error);
    throw error;
  }
}

/** A budget seen by work on an answer: too much of it fails the answer, and nothing else. */
class AnswerBudget extends Budget {
  override spend(steps: number): void {
    this.countEncoding(steps);
  }
}

/** The view of an operation that a promise passes on, for a peer or for this side. */
export function further(budget: Budget | undefined): Budget {
  return (budget ?? new Budget(undefined, 0)).further();
}
