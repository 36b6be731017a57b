/** The seed of random tests. `SEED=2` chooses another. */
export const seed = Number(process.env["SEED"] ?? 1);

/** The number of tries of a random property. `RUNS=100000` tries it more often, by hand. */
export function runs(usually: number): number {
  return Number(process.env["RUNS"] ?? usually);
}

/** Options of tests with {@link runs}: without a time limit if `RUNS` is set. */
export const longRuns = process.env["RUNS"] === undefined ? {} : { timeout: 0 };
