import {
  build,
  decodeFromCompressedBase64,
  encodeIntoCompressedBase64,
  type Histogram,
} from "hdr-histogram-js";

/** The longest latency that is told apart from longer ones, in microseconds: ten minutes. */
const LONGEST = 600e6;

/** The percentiles of reports. */
export const PERCENTILES: readonly number[] = [50, 90, 99, 99.9, 99.99];

/**
 * Latencies in a histogram with three significant digits. It takes the same memory for any number
 * of them. All times are milliseconds.
 */
export class Latencies {
  readonly #histogram: Histogram;

  constructor(histogram: Histogram = emptyHistogram()) {
    this.#histogram = histogram;
  }

  /** Latencies from the text that `encoded` gave. */
  static decode(text: string): Latencies {
    const latencies = new Latencies();
    latencies.#histogram.add(decodeFromCompressedBase64(text));
    return latencies;
  }

  encoded(): string {
    return encodeIntoCompressedBase64(this.#histogram);
  }

  record(milliseconds: number): void {
    const microseconds = Math.max(1, Math.round(milliseconds * 1000));
    this.#histogram.recordValue(Math.min(microseconds, LONGEST));
  }

  add(other: Latencies): void {
    this.#histogram.add(other.#histogram);
  }

  get count(): number {
    return this.#histogram.totalCount;
  }

  get max(): number {
    return this.#histogram.maxValue / 1000;
  }

  /**
   * The latency that a share of all operations didn't exceed, in percent; `undefined` if less than
   * one operation is beyond it, because the figure would be that of the slowest.
   */
  percentile(percent: number): number | undefined {
    // Rounded, because 100 - 99.99 isn't 0.01.
    if (Math.round(this.count * (100 - percent) * 1000) < 100_000) return undefined;
    return this.#histogram.getValueAtPercentile(percent) / 1000;
  }

  /**
   * The latencies as they would have been if a user hadn't waited for a slow answer before the next
   * operation: for each latency longer than the interval, those of the operations that the user
   * would have started meanwhile are added (the method of HdrHistogram).
   *
   * @param interval the time between two operations of a user when no answer is slow
   */
  corrected(interval: number): Latencies {
    const corrected = emptyHistogram();
    const microseconds = Math.max(1, Math.round(interval * 1000));
    corrected.addWhileCorrectingForCoordinatedOmission(this.#histogram, microseconds);
    return new Latencies(corrected);
  }
}

function emptyHistogram(): Histogram {
  return build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: LONGEST,
    numberOfSignificantValueDigits: 3,
    bitBucketSize: 32,
    autoResize: false,
    useWebAssembly: false,
  });
}
