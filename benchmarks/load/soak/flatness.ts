import { quantile } from "../../src/statistics/spread.ts";

/** The growth that a figure may show, by which flat figures differ from time to time. */
export interface Tolerance {
  /** In the unit of the figure. */
  readonly absolute: number;
  /** As a share of the figure: 0.02 for 2 %. */
  readonly relative: number;
}

/** The course of a figure over the windows of a soak. */
export interface Trend {
  /** The median of the first third. */
  readonly first: number;
  /** The median of the last third. */
  readonly last: number;
  /** The growth from the middle of the first third to that of the last, by the slope. */
  readonly sloped: number;
  /** The growth that counts as flat. */
  readonly allowed: number;
  readonly isFlat: boolean;
}

/** The samples of the least series that has thirds with a median each. */
export const LEAST_SAMPLES = 6;

/** Standard errors by which two medians of a flat figure hardly ever differ. */
const ERRORS = 3;
/** The standard deviation of a normal distribution, by its median absolute deviation. */
const DEVIATION = 1.4826;
/** The standard error of a median, by that of a mean. */
const OF_MEDIAN = 1.2533;

/**
 * Judges whether a figure grows. It does if both of these exceed the allowed growth:
 *
 * - the difference between the medians of the last and the first third of the samples
 * - the slope (the median of the slopes between all pairs of samples), over the same distance
 *
 * The allowed growth is the largest of: the absolute tolerance, the relative one, and three times
 * the standard error that the scatter around the slope gives the difference. A single outlier
 * changes none of them.
 *
 * @param samples one for each window, without those of the warm-up
 * @throws RangeError for fewer than six samples
 */
export function trendOf(samples: readonly number[], { absolute, relative }: Tolerance): Trend {
  if (samples.length < LEAST_SAMPLES) {
    throw new RangeError(`A trend needs ${LEAST_SAMPLES} samples; there are ${samples.length}.`);
  }
  const third = Math.floor(samples.length / 3);
  const first = quantile(samples.slice(0, third), 0.5);
  const last = quantile(samples.slice(-third), 0.5);
  const slope = slopeOf(samples);
  const sloped = slope * (samples.length - third);
  const error = OF_MEDIAN * deviationFrom(slope, samples) * Math.sqrt(2 / third);
  const allowed = Math.max(absolute, relative * first, ERRORS * error);
  return { first, last, sloped, allowed, isFlat: Math.min(last - first, sloped) <= allowed };
}

/** The slope per sample by Theil and Sen, which up to a quarter of outliers can't change much. */
function slopeOf(samples: readonly number[]): number {
  const slopes: number[] = [];
  for (let i = 0; i < samples.length; i++) {
    for (let j = i + 1; j < samples.length; j++) {
      slopes.push((samples[j]! - samples[i]!) / (j - i));
    }
  }
  return quantile(slopes, 0.5);
}

/** The standard deviation from the sloped line, as the median of the deviations gives it. */
function deviationFrom(slope: number, samples: readonly number[]): number {
  const level = samples.map((sample, i) => sample - slope * i);
  const middle = quantile(level, 0.5);
  const distances = level.map((each) => Math.abs(each - middle));
  return DEVIATION * quantile(distances, 0.5);
}
