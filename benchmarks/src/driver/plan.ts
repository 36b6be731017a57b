/** How long everything is measured. */
export interface Plan {
  /** How often all processes of a case are started anew: a process can have luck, or bad luck. */
  readonly launches: number;
  /** Rounds of a launch. In a round every pair has its turn. */
  readonly rounds: number;
  /** Milliseconds of a turn. */
  readonly turn: number;
  /** Milliseconds that a pair warms up for, each launch. */
  readonly warmUp: number;
  /** The largest size of a growth case. */
  readonly largest: number;
  /** How often a size is measured, if that takes no longer than {@link patience}. */
  readonly repetitions: number;
  /** Milliseconds after which a size is measured no more. */
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

export const QUICK: Plan = {
  launches: 1,
  rounds: 12,
  turn: 20,
  warmUp: 400,
  largest: 10_000,
  repetitions: 3,
  patience: 1000,
};
