import type { Clock } from "./clock.ts";
import { codeOf, type Recorder } from "./recorder.ts";

/** An operation that has begun. */
export interface Operation {
  readonly kind: string;
  /** Settles when the operation is over. */
  readonly done: Promise<unknown>;
}

interface Flight {
  readonly kind: string;
  readonly intended: number;
}

/** Milliseconds between looks at the operations that are still under way. */
const PATIENCE_STEP = 20;

/** The operations under way. Each is recorded once. */
export class Flights {
  readonly #underWay = new Set<Flight>();
  readonly #clock: Clock;
  readonly #recorder: Recorder;

  constructor(clock: Clock, recorder: Recorder) {
    this.#clock = clock;
    this.#recorder = recorder;
  }

  get size(): number {
    return this.#underWay.size;
  }

  /**
   * Begins an operation.
   *
   * @param intended the time at which it was meant to start, from which its latency counts
   * @returns a promise of its end. It never rejects
   */
  async launch(begin: () => Operation, intended: number): Promise<void> {
    this.#recorder.lag.record(this.#clock.now() - intended);
    const { kind, done } = begin();
    const flight = { kind, intended };
    this.#underWay.add(flight);
    try {
      await done;
      if (!this.#underWay.delete(flight)) return;
      this.#recorder.answered(kind, this.#clock.now() - intended);
    } catch (error) {
      if (this.#underWay.delete(flight)) this.#recorder.failed(kind, codeOf(error));
    }
  }

  /**
   * Waits until no operation is under way. An operation that takes longer is given up: it counts as
   * `UNANSWERED`, and the time that it has taken counts as a latency, because it would be longer.
   */
  async landed(patience: number): Promise<void> {
    const end = this.#clock.now() + patience;
    while (this.size > 0 && this.#clock.now() < end) await this.#clock.sleep(PATIENCE_STEP);
    for (const { kind, intended } of this.#underWay) {
      this.#recorder.answered(kind, this.#clock.now() - intended);
      this.#recorder.failed(kind, "UNANSWERED");
    }
    this.#underWay.clear();
  }
}
