/** The times of measurements. */
export interface Plan {
  /**
   * The number of times that all processes of a case are restarted. A process can have good or bad
   * luck.
   */
  readonly launches: number;
  /** Rounds per launch. In a round, every pair has a turn. */
  readonly rounds: number;
  /** Milliseconds per turn. */
  readonly turn: number;
  /** Milliseconds per launch for which a pair warms up. */
  readonly warmUp: number;
  /** The largest size of a growth case. */
  readonly largest: number;
  /** The number of measurements of a size that doesn't exceed {@link patience}. */
  readonly repetitions: number;
  /** Milliseconds after which a size isn't measured again. */
  readonly patience: number;
}

export const FULL: Plan = {
  launches: 3,
  rounds: 8,
  turn: 100,
  warmUp: 800,
  largest: 10_000_000,
  repetitions: 7,
  patience: 4000,
};

/** Half the launches of {@link FULL}, and shorter warm-ups, for a run of everything. */
export const BRIEF: Plan = {
  launches: 2,
  rounds: 6,
  turn: 80,
  warmUp: 400,
  largest: 10_000_000,
  repetitions: 4,
  patience: 1500,
};

export const QUICK: Plan = {
  launches: 1,
  rounds: 12,
  turn: 20,
  warmUp: 400,
  largest: 10_000,
  repetitions: 3,
  patience: 1000,
};
