/** What something costs at a size: all of it, not a single item. */
export interface Point {
  readonly size: number;
  readonly cost: number;
}

/** How much of the sizes says how something grows: the last decade, where fixed costs hide nothing. */
const DECADE = 10;

/**
 * Exponents up to this are linear: larger tables and heaps miss caches more often and are collected
 * at more cost, which takes any program some percent a decade. A list that is searched has 2.
 */
export const LINEAR = 1.15;

/**
 * The exponent p of the power law `cost = c * size ** p` that comes closest to the points of the last
 * decade of size: 1 where ten times as much costs ten times as much, less where it costs less.
 *
 * @throws RangeError for fewer than two points there
 */
export function exponentOf(points: readonly Point[]): number {
  const largest = Math.max(...points.map(({ size }) => size));
  const logs = points
    .filter(({ size }) => size >= largest / DECADE)
    .map(({ size, cost }) => ({ x: Math.log(size), y: Math.log(cost) }));
  if (logs.length < 2) throw new RangeError("There are too few points to say how they grow.");
  const meanX = mean(logs.map(({ x }) => x));
  const meanY = mean(logs.map(({ y }) => y));
  const covariance = mean(logs.map(({ x, y }) => (x - meanX) * (y - meanY)));
  return covariance / mean(logs.map(({ x }) => (x - meanX) ** 2));
}

export function isLinear(exponent: number): boolean {
  return exponent <= LINEAR;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
