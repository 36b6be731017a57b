/** The total cost at a size, not the cost of an item. */
export interface Point {
  readonly size: number;
  readonly cost: number;
}

/**
 * The range of sizes that decide about growth: the last two decades, where fixed costs hide
 * nothing.
 */
const DECADES = 100;

/**
 * The largest exponent that counts as linear. Thousands of objects miss caches, and the garbage
 * collector, which never saw the few, moves them about. An item may therefore become three times as
 * expensive over two decades, which is 1.25. A list that is searched for each item has 2.
 */
export const LINEAR = 1.25;

/**
 * The exponent p of the power law `cost = c * size ** p` that fits the points of the last two
 * decades of size best. It is 1 if ten times the size costs ten times as much, and less if it costs
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

/** A description of growth. */
export type Growth = "linear or less" | "as hand-written" | "more than linear";

/** The difference in exponents up to which a program grows as the hand-written one. */
const SAME = 0.05;

/**
 * Describes growth.
 *
 * @param handWritten the exponent of the hand-written program, if it takes part. The machine, the
 *   sockets and JSON affect all programs alike
 */
export function growthOf(exponent: number, handWritten?: number): Growth {
  if (exponent <= LINEAR) return "linear or less";
  return exponent <= (handWritten ?? 0) + SAME ? "as hand-written" : "more than linear";
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
