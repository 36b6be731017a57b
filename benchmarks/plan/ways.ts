import { readFileSync } from "node:fs";

/** Ways to do one thing, by name. Each does it once. */
export type Ways = Readonly<Record<string, () => Promise<unknown>>>;

/**
 * The median times of the ways, in milliseconds. The ways take turns.
 *
 * @param now the clock
 * @param repeats how often a way runs between two looks at the clock
 */
export async function timesOf(
  ways: Ways,
  rounds: number,
  now = () => performance.now(),
  repeats = 1,
): Promise<Record<string, number>> {
  const names = Object.keys(ways);
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]]));
  const warmUp = Math.min(rounds, 20);
  for (let round = -warmUp; round < rounds; round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const start = now();
      for (let i = 0; i < repeats; i++) await ways[name]!();
      if (round >= 0) times[name]!.push((now() - start) / repeats);
    }
  }
  return Object.fromEntries(names.map((name) => [name, median(times[name]!)]));
}

/**
 * The median processor times of the ways, in milliseconds, so that other load counts less. On
 * systems without the clock of a thread, the times of the usual clock.
 */
export function processorTimesOf(ways: Ways, rounds: number): Promise<Record<string, number>> {
  // The clock of a thread goes forward in steps of milliseconds.
  return timesOf(ways, rounds, processorTime, 10);
}

/** The processor time of this thread, in milliseconds. */
export function processorTime(): number {
  if (process.platform !== "linux") return performance.now();
  const [nanoseconds] = readFileSync(`/proc/self/task/${process.pid}/schedstat`, "utf8").split(" ");
  return Number(nanoseconds) / 1e6;
}

function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)]!;
}

/** Prints a table of numbers. */
export function printTable(
  title: string,
  columns: readonly string[],
  rows: Readonly<Record<string, readonly number[]>>,
  digits = 1,
): void {
  const names = Object.keys(rows);
  const width = Math.max(...names.map(({ length }) => length));
  console.log(`\n${title}`);
  console.log(`| ${"".padEnd(width)} | ${columns.join(" | ")} |`);
  console.log(
    `| ${"-".repeat(width)} | ${columns.map((each) => "-".repeat(each.length)).join(" | ")} |`,
  );
  for (const name of names) {
    const cells = rows[name]!.map((each, i) => each.toFixed(digits).padStart(columns[i]!.length));
    console.log(`| ${name.padEnd(width)} | ${cells.join(" | ")} |`);
  }
}
