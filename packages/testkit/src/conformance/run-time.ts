import { CodedError } from "@capnweb/wire/coded";

/** The reason for skipping the scenarios that a run had no time for. */
export const NO_TIME = "the time of the run was over";

/** The time of a run is over. */
export class RunOverError extends CodedError {
  /** The same for every error of this class. */
  get code(): "RUN_OVER" {
    return "RUN_OVER";
  }

  constructor() {
    super(NO_TIME);
  }
}

/** Milliseconds that a run may take by default. */
const TOTAL = 3_600_000;
/** Most milliseconds of a timer: a longer one would fire at once. */
const LONGEST = 2 ** 31 - 1;

/**
 * The time of a whole run. Each scenario has a limit of its own, but a peer that is slow in
 * hundreds of them could hold up the run for hours.
 */
export class RunTime {
  readonly #cuts = new Set<() => void>();
  readonly #timer: NodeJS.Timeout;
  #isOver = false;

  /**
   * @param total milliseconds that the run may take
   * @param ended called when they are over, once every running task has been given up
   */
  constructor(total = TOTAL, ended: () => void = () => {}) {
    this.#timer = setTimeout(
      () => {
        this.#isOver = true;
        for (const cut of this.#cuts) cut();
        ended();
      },
      Math.min(total, LONGEST),
    );
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /**
   * Runs a task, and gives it up when the time is over.
   *
   * @throws RunOverError if the time is over first
   */
  async within<Result>(task: () => Promise<Result>): Promise<Result> {
    if (this.#isOver) throw new RunOverError();
    let cut!: () => void;
    const over = new Promise<never>((_, reject) => {
      cut = () => reject(new RunOverError());
    });
    this.#cuts.add(cut);
    try {
      return await Promise.race([task(), over]);
    } finally {
      this.#cuts.delete(cut);
    }
  }

  /** Stops the clock at the end of the run. */
  stop(): void {
    clearTimeout(this.#timer);
  }
}
