/** What something costs at a size: all of it, not a single item. */
export interface Point {
  readonly size: number;
  readonly cost: number;
}

/** Which sizes say how something grows: the last two decades, where fixed costs hide nothing. */
const DECADES = 100;

/**
 * Exponents up to this are linear. What is held by the thousand misses caches, and the garbage
 * collector, which never saw it while there was little of it, moves it about: an item becomes up to
 * three times as dear over two decades, which is 1.25. A list that is searched for each item has 2.
 */
export const LINEAR = 1.25;

/**
 * The exponent p of the power law `cost = c * size ** p` that comes closest to the points of the
 * last two decades of size: 1 where ten times as much costs ten times as much, less where it costs
 * less.
 *
 * @throws RangeError for fewer than two points there
 */
export function exponentOf(points: readonly Point[]): number {
  const largest = Math.max(...points.map(({ size }) => size));
  const logs = points
    .filter(({ size }) => size >= largest / DECADES)
    .map(({ size, cost }) => ({ x: Math.log(size), y: Math.log(cost) }));
  if (logs.length < 2) throw new RangeError("There are too few points to say how they grow.");
  const meanX = mean(logs.map(({ x }) => x));
  const meanY = mean(logs.map(({ y }) => y));
  const covariance = mean(logs.map(({ x, y }) => (x - meanX) * (y - meanY)));
  return covariance / mean(logs.map(({ x }) => (x - meanX) ** 2));
}

/** How something grows, in words. */
export type Growth = "linear or less" | "as hand-written" | "more than linear";

/** How far above the hand-written program's exponent another is still the same. */
const SAME = 0.05;

/**
 * Says how something grows.
 *
 * @param handWritten the exponent of the hand-written program, if it takes part: what the machine,
 *   the sockets and JSON do to it, they do to everybody
 */
export function growthOf(exponent: number, handWritten?: number): Growth {
  if (exponent <= LINEAR) return "linear or less";
  return exponent <= (handWritten ?? 0) + SAME ? "as hand-written" : "more than linear";
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
