/** What random tests start from; `SEED=2` starts from something else. */
export const seed = Number(process.env["SEED"] ?? 1);

/** How often a random property is tried; `RUNS=100000` tries it more often, by hand. */
export function runs(usually: number): number {
  return Number(process.env["RUNS"] ?? usually);
}

/** For tests with {@link runs}: as many as somebody asks for may take their time. */
export const longRuns = process.env["RUNS"] === undefined ? {} : { timeout: 0 };
