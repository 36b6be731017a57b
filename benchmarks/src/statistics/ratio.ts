import { quantile, type Spread, spreadOf } from "./spread.ts";

/** The ratio of two costs that were measured side by side. */
export interface Ratio extends Spread {
  /**
   * The spread of single rounds around the median, as a share of it: half the distance between the
   * tenth and the ninetieth percentile. A smaller difference says nothing.
   */
  readonly noise: number;
}

/**
 * Compares costs measured in the same rounds. Takes the ratio of each round before the median,
 * because other work of the machine affects both costs of a round.
 *
 * @throws RangeError if the numbers of rounds differ, or are 0
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
