// The results of a run, as docs/benchmarks.json holds them.
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

/** The comparison of one pair with another in a case. */
export interface Comparison extends Ratio {
  readonly pair: Pair;
  readonly against: Pair;
}

export interface TimedResult extends CommonToResults {
  readonly kind: "timed";
  /** Nanoseconds per unit. */
  readonly figures: Readonly<Partial<Record<Pair, TimedFigure>>>;
  /** Factors by which pairs are faster; more is better. */
  readonly comparisons: readonly Comparison[];
}

export interface TimedFigure extends Spread {
  /** The time for which processors were busy, at both ends together: the median. */
  readonly processor: number;
}

export interface HeapResult extends CommonToResults {
  readonly kind: "heap";
  /** Bytes per unit. */
  readonly figures: Readonly<Partial<Record<Pair, HeapFigure>>>;
  /** Factors by which pairs are smaller; more is better. */
  readonly comparisons: readonly Comparison[];
}

/** The memory of both ends together, and the medians of each. */
export interface HeapFigure extends Spread {
  readonly client: number;
  readonly server: number;
}

export interface TrafficResult extends CommonToResults {
  readonly kind: "traffic";
  /** The number of units in a run. */
  readonly units: number;
  /** The traffic of a run, both directions together. */
  readonly figures: Readonly<Partial<Record<Pair, TrafficFigure>>>;
}

export interface TrafficFigure extends Traffic {
  /** True if a second count in new processes gave the same messages and bytes. */
  readonly isExact: boolean;
}

export interface GrowthResult extends CommonToResults {
  readonly kind: "growth";
  readonly figures: Readonly<Partial<Record<Pair, GrowthFigure>>>;
}

export interface GrowthFigure {
  /** The total nanoseconds of each size. */
  readonly points: readonly Point[];
  /** See `exponentOf`. */
  readonly exponent: number;
}

export type Result = TimedResult | HeapResult | TrafficResult | GrowthResult;

/** The time and the code of a measurement. */
export interface Occasion {
  /** The beginning of the run, in ISO 8601. */
  readonly date: string;
  /** The version of our packages, as `codeVersion()` gives it. */
  readonly code: string;
}

/** A result in the record. It may have been measured later than others, and with other code. */
export type RecordedResult = Result & { readonly measured: Occasion };

/** All measurements with one Node. */
export interface Run {
  /** The version, such as "v26.10.0". */
  readonly node: string;
  readonly results: readonly RecordedResult[];
}

/** The version of the record's format. Records of other versions can't be added to. */
export const FORMAT = 2;

/** The contents of docs/benchmarks.json. Date and code are those of the last run of everything. */
export interface Report extends Occasion {
  readonly format: number;
  readonly machine: Machine;
  readonly plan: Plan;
  /** The versions of the measured packages, by name. */
  readonly versions: Readonly<Record<string, string>>;
  readonly runs: readonly Run[];
}
