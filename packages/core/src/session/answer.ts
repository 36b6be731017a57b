import { type Budget, type HoldsBytes, STEPS } from "../budget.ts";
import { type Puller, pullInto, type StubHook } from "../model/hook.ts";
import type { Payload } from "../model/payload.ts";
import { FLAT_BYTES } from "./held-bytes.ts";

/** The answers of a session, as each one of them sees them. */
export interface Answering {
  /** The mark of references to the peer's own exports. */
  readonly importer: object;
  /** @throws EncodeError, DepthError for a value that can't travel */
  resolve(answer: Answer, payload: Payload): void;
  reject(id: number, error: unknown): void;
  answered(answer: Answer): void;
}

/**
 * Tells the peer what one of our exports turned out to be, as far as it is worth telling: a promise
 * of this side that resolves to just another one is followed to its end, while one of the peer's is
 * named to it.
 */
export class Answer implements Puller {
  readonly id: number;
  /** The hook of an export that ends with its answer. */
  readonly released: StubHook | undefined;
  /** That of the message that asked for the answer. */
  readonly budget: Budget | undefined;
  readonly #answers: Answering;
  /** The answer in which the export was introduced, if it was in one. */
  readonly #within: Answer | undefined;
  #payload: Payload | undefined;
  /** Whether it was sent. */
  isOver = false;
  /** Counts it, if it is still to come after its export. */
  #held: HoldsBytes | undefined;

  constructor(
    answers: Answering,
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

  /** Answers with what `hook` stands for. */
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
      this.budget?.countEncoding(STEPS.answer);
      this.#answers.resolve(this, payload);
    } catch (error) {
      this.reject(error);
      return;
    }
    this.#end();
  }

  reject(error: unknown): void {
    this.#answers.reject(this.id, error);
    this.#end();
  }

  #end(): void {
    this.isOver = true;
    this.#held?.remove(FLAT_BYTES.lateAnswer);
    this.#answers.answered(this);
  }

  /**
   * The peer gave up the export that this answers for.
   *
   * @throws LimitError if more is held for the peer than may be; the session is over then
   */
  outlive(held: HoldsBytes): void {
    if (this.isOver) return;
    this.#held = held;
    held.add(FLAT_BYTES.lateAnswer);
  }
}
