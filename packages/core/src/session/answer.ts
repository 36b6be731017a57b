import type { Budget, HoldsBytes } from "../budget.ts";
import { ANSWER_STEPS, LATE_ANSWER_BYTES } from "../call-context/counts.ts";
import { type Puller, pullInto, type StubHook } from "../model/hook.ts";
import type { Payload } from "../model/payload.ts";

/** A session's answers, as each of them sees them. */
export interface AnswerOwner {
  /** The object that marks references to the peer's own exports. */
  readonly importer: object;
  /** @throws EncodeError, DepthError for a value that can't travel */
  resolve(answer: Answer, payload: Payload): void;
  reject(id: number, error: unknown, budget: Budget | undefined): void;
  answered(answer: Answer): void;
}

/**
 * Tells the peer what one of our exports turned out to be. If a promise of this side resolves to
 * another one, the answer follows it to the end; a promise of the peer is named to the peer.
 */
export class Answer implements Puller {
  readonly id: number;
  /** The hook of an export that ends with its answer. */
  readonly released: StubHook | undefined;
  /** The budget of the message that asked for the answer. */
  readonly budget: Budget | undefined;
  readonly #answers: AnswerOwner;
  /** The answer that introduced the export, if one did. */
  readonly #within: Answer | undefined;
  /** True if it acknowledges a chunk of a stream. */
  isOfStream = false;
  #payload: Payload | undefined;
  /** True if the answer was sent. */
  isOver = false;
  /** The account of the answer's bytes, if it outlives its export. */
  #held: HoldsBytes | undefined;

  constructor(
    answers: AnswerOwner,
    id: number,
    budget?: Budget,
    released?: StubHook,
    within?: Answer,
  ) {
    this.#answers = answers;
    this.budget = budget;
    this.#within = within;
    this.id = id;
    this.released = released;
  }

  /** Answers with the value of `hook`. */
  pull(hook: StubHook): void {
    pullInto(hook, this);
  }

  resolve(payload: Payload): void {
    let next: StubHook | undefined;
    try {
      next = payload.promise?.settled();
      if (next?.idFor(this.#answers.importer) !== undefined) next = undefined;
    } catch (error) {
      this.reject(error);
      return;
    }
    if (next) {
      this.pull(next);
      return;
    }
    try {
      // Its promises would be answered in turn, without end.
      for (let outer = this.#within; outer; outer = outer.#within) {
        if (outer.#payload === payload) throw new TypeError("A promise can't be a part of itself.");
      }
      this.#payload = payload;
      this.budget?.countEncoding(ANSWER_STEPS);
      this.#answers.resolve(this, payload);
    } catch (error) {
      this.reject(error);
      return;
    }
    this.end();
  }

  reject(error: unknown): void {
    this.#answers.reject(this.id, error, this.budget);
    this.end();
  }

  private end(): void {
    this.isOver = true;
    this.#held?.remove(LATE_ANSWER_BYTES);
    this.#answers.answered(this);
  }

  /**
   * Notes that the peer gave up the export that this answers for.
   *
   * @throws LimitError for too many bytes held for the peer; the session is then over
   */
  outlive(held: HoldsBytes): void {
    if (this.isOver) return;
    this.#held = held;
    held.add(LATE_ANSWER_BYTES);
  }
}
