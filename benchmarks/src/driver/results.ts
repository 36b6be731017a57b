// What a run gives, as it is written to docs/benchmarks.json.
import type { Pair } from "../cases/case.ts";
import type { Link } from "../contestants/contestant.ts";
import type { Traffic } from "../participant/functions.ts";
import type { Point } from "../statistics/growth.ts";
import type { Ratio } from "../statistics/ratio.ts";
import type { Spread } from "../statistics/spread.ts";
import type { Machine } from "./machine.ts";
import type { Plan } from "./plan.ts";

interface CommonToResults {
  readonly name: string;
  readonly about: string;
  readonly link: Link;
  readonly unit: string;
}

/** How one pair compares with another in a case. */
export interface Comparison extends Ratio {
  readonly pair: Pair;
  readonly against: Pair;
}

export interface TimedResult extends CommonToResults {
  readonly kind: "timed";
  /** Nanoseconds a unit. */
  readonly figures: Readonly<Partial<Record<Pair, TimedFigure>>>;
  /** How many times as fast; more is better. */
  readonly comparisons: readonly Comparison[];
}

export interface TimedFigure extends Spread {
  /** How long processors were busy, at both ends together: the median. */
  readonly processor: number;
}

export interface HeapResult extends CommonToResults {
  readonly kind: "heap";
  /** Bytes a unit. */
  readonly figures: Readonly<Partial<Record<Pair, HeapFigure>>>;
  /** How many times as small; more is better. */
  readonly comparisons: readonly Comparison[];
}

/** Both ends together, and the medians of either. */
export interface HeapFigure extends Spread {
  readonly client: number;
  readonly server: number;
}

export interface TrafficResult extends CommonToResults {
  readonly kind: "traffic";
  /** How many units a run is. */
  readonly units: number;
  /** What goes over the wire in a run, both directions together. */
  readonly figures: Readonly<Partial<Record<Pair, TrafficFigure>>>;
}

export interface TrafficFigure extends Traffic {
  /** Whether messages and bytes were the same when they were counted again in new processes. */
  readonly isExact: boolean;
}

export interface GrowthResult extends CommonToResults {
  readonly kind: "growth";
  readonly figures: Readonly<Partial<Record<Pair, GrowthFigure>>>;
}

export interface GrowthFigure {
  /** Nanoseconds that a size takes altogether. */
  readonly points: readonly Point[];
  /** See `exponentOf`. */
  readonly exponent: number;
}

export type Result = TimedResult | HeapResult | TrafficResult | GrowthResult;

/** Everything that was measured with one Node. */
export interface Run {
  /** "v26.10.0" */
  readonly node: string;
  readonly results: readonly Result[];
}

/** The contents of docs/benchmarks.json. */
export interface Report {
  /** When the run began, ISO 8601. */
  readonly date: string;
  readonly machine: Machine;
  readonly plan: Plan;
  /** What was measured, by name. */
  readonly versions: Readonly<Record<string, string>>;
  readonly runs: readonly Run[];
}
