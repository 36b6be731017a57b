import { quantile, type Spread, spreadOf } from "./spread.ts";

/** How two things compare that were measured side by side. */
export interface Ratio extends Spread {
  /**
   * How far single rounds are from the median, as a share of it: half of what lies between the
   * tenth and the ninetieth percentile. A difference of less says nothing.
   */
  readonly noise: number;
}

/**
 * Compares what was measured in the same rounds. A round's ratio is taken before the median is:
 * what else the machine did in a round was the same for both.
 *
 * @throws RangeError if they are not as many, or none
 */
export function ratioOf(over: readonly number[], under: readonly number[]): Ratio {
  if (over.length !== under.length) {
    throw new RangeError("Both sides of a ratio must have been measured in the same rounds.");
  }
  const ratios = over.map((value, i) => value / under[i]!);
  const spread = spreadOf(ratios);
  const width = quantile(ratios, 0.9) - quantile(ratios, 0.1);
  return { ...spread, noise: width / 2 / spread.median };
}
