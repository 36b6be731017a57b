import type { EndedBy } from "../session/ending.ts";
import type { LostCalls } from "../session/lost-calls.ts";
import type { CallsOfSession, Execution, RepeatableCall } from "./followed-source.ts";

/** Makes the error of calls that were lost with a session. */
export type LossError = (execution: Execution, reason: unknown) => Error;

/**
 * The counts of a transport that keeps frames back while it has no connection, as
 * `ResumingTransport` of `@capnweb/resume` does.
 */
export interface FrameCounts {
  /** The number of frames that the session sent. */
  readonly sent: number;
  /** The number of them that were handed to a connection. Later ones never left. */
  readonly written: number;
}

let begun = 0;

/** The number of the next session. Those with a lower one have begun. */
export function sessionsSoFar(): number {
  return begun;
}

/**
 * The calls of one session. It knows which of them have left, and so may have run when the session
 * is lost.
 */
export class SessionCalls implements CallsOfSession, LostCalls {
  readonly number = begun++;
  readonly #lossError: LossError;
  readonly #counts: FrameCounts | undefined;
  readonly #executions = new WeakMap<object, Execution>();
  /** The calls that are still to leave, with the number that was next when each was made. */
  #unsent: { readonly call: RepeatableCall; readonly next: number }[] = [];
  /** The calls that a frame and those before it contain: those with a number below `next`. */
  #said: { readonly frame: number; readonly next: number }[] = [];
  #underWay = 0;
  #next: () => number = () => 0;
  /** Calls with a lower number may have left. */
  #left = 0;
  #never: unknown;
  #maybe: unknown;
  #isOver = false;

  /** @param counts those of the transport, if it keeps frames back */
  constructor(lossError: LossError, counts: FrameCounts | undefined) {
    this.#lossError = lossError;
    this.#counts = counts;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** The number of results that are waited for. */
  get underWay(): number {
    return this.#underWay;
  }

  get failure(): unknown {
    return this.#never;
  }

  get leftSoFar(): number {
    return this.#left;
  }

  awaits(): void {
    this.#underWay++;
  }

  settled(): void {
    this.#underWay--;
  }

  unsent(call: RepeatableCall): void {
    this.#unsent.push({ call, next: this.#next() });
  }

  begin(next: () => number): void {
    this.#next = next;
  }

  /** Sends a frame with `send`, and notes the calls that leave with it. */
  sending<T>(send: () => T): T {
    const counts = this.#counts;
    if (!counts) {
      // Before it is sent, because a part of it may have left if that fails.
      this.#leftBelow(this.#next());
      return send();
    }
    try {
      return send();
    } finally {
      this.#said.push({ frame: counts.sent, next: this.#next() });
      this.noteWritten();
    }
  }

  /** Notes the calls that have left meanwhile. */
  noteWritten(): void {
    const written = this.#counts?.written ?? 0;
    const later = this.#said.findIndex(({ frame }) => frame > written);
    const left = this.#said.splice(0, later < 0 ? this.#said.length : later);
    const last = left.at(-1);
    if (last) this.#leftBelow(last.next);
  }

  #leftBelow(next: number): void {
    this.#left = next;
    const later = this.#unsent.findIndex((each) => each.next > next);
    const left = this.#unsent.splice(0, later < 0 ? this.#unsent.length : later);
    for (const { call } of left) call.left();
  }

  ended(reason: unknown, by: EndedBy): unknown {
    // The calls that are kept back still leave, before the session says goodbye.
    if (by === "local") this.#leftBelow(this.#next());
    else this.noteWritten();
    this.#isOver = true;
    this.#never = this.#labelled("never", reason);
    this.#maybe = this.#labelled("maybe", reason);
    return this.#never;
  }

  #labelled(execution: Execution, reason: unknown): Error {
    const error = this.#lossError(execution, reason);
    this.#executions.set(error, execution);
    return error;
  }

  failureOf(call: number): unknown {
    return call > 0 && call < this.#left ? this.#maybe : undefined;
  }

  get interrupted(): unknown {
    return this.#maybe;
  }

  executionOf(error: unknown): Execution | undefined {
    return typeof error === "object" && error !== null ? this.#executions.get(error) : undefined;
  }

  /** Makes the calls again that never left, where their targets now are. */
  makeUnsentAgain(): void {
    for (const { call } of this.#unsent.splice(0)) call.lost();
  }
}
