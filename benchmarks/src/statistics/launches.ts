import { quantile } from "./spread.ts";

/** The ratio of two costs, measured in several launches of the same processes. */
export interface LaunchedRatio {
  readonly median: number;
  /**
   * The standard error of the median, as far as the differences between launches show it. A
   * difference within twice this says nothing.
   */
  readonly error: number;
}

/** The share of turns that count as quiet. */
const QUIET = 0.2;

/**
 * Compares the costs of two versions in the turns of one launch. Other work of the machine only
 * adds to costs, because it displaces caches. The ratio is therefore that of the quiet turns.
 *
 * @throws RangeError if there are no turns
 */
export function quietRatio(over: readonly number[], under: readonly number[]): number {
  return quantile(over, QUIET) / quantile(under, QUIET);
}

/**
 * Combines the ratios of launches. The turns of a launch share its luck, so that only the
 * differences between launches tell the error.
 *
 * @throws RangeError for fewer than two launches
 */
export function ratioOfLaunches(launches: readonly number[]): LaunchedRatio {
  if (launches.length < 2) throw new RangeError("A single launch tells nothing of the error.");
  const mean = launches.reduce((sum, each) => sum + each, 0) / launches.length;
  const squares = launches.reduce((sum, each) => sum + (each - mean) ** 2, 0);
  const error = Math.sqrt(squares / (launches.length - 1) / launches.length);
  return { median: quantile(launches, 0.5), error };
}

/**
 * True if a cost has grown by more than a tolerance and twice its error.
 *
 * @param tolerance the permitted growth, as a share: 0.02 for 2 %
 */
export function isWorse({ median, error }: LaunchedRatio, tolerance: number): boolean {
  return median - 2 * error > 1 + tolerance;
}
