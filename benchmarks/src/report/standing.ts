// Ours beside other implementations: the factors of the overview.
import type { Pair } from "../cases/case.ts";
import type { Result } from "../driver/results.ts";
import * as format from "./format.ts";
import { LEAST_TOLERANCE } from "./verdict.ts";

/** The outcome of a comparison, from the point of view of the compared pair. */
export type Standing = "ahead" | "even" | "behind";

/**
 * The factor by which a pair is better than another in a case: faster, or with less memory or fewer
 * bytes. `undefined` if either wasn't measured, or if the case is about growth.
 */
export function factorOf(result: Result, pair: Pair, against: Pair): number | undefined {
  if (result.kind === "growth") return undefined;
  if (result.kind === "traffic") {
    const own = result.figures[pair]?.bytes;
    const other = result.figures[against]?.bytes;
    return own === undefined || other === undefined ? undefined : other / own;
  }
  return result.comparisons.find((each) => each.pair === pair && each.against === against)?.median;
}

/** The difference that counts as none, in hundredths: two runs of one program may differ by it. */
const EVEN = Math.round(LEAST_TOLERANCE * 100);

/** The outcome of a factor, as it is printed: with two decimals. */
export function standingOf(factor: number): Standing {
  const difference = Math.round(factor * 100) - 100;
  if (Math.abs(difference) <= EVEN) return "even";
  return difference > 0 ? "ahead" : "behind";
}

const MARKS: Readonly<Record<Standing, (text: string) => string>> = {
  ahead: (text) => text,
  even: (text) => `≈ ${text}`,
  behind: (text) => `**▼ ${text}**`,
};

/** A factor as a cell of a table. A factor below 1 stands out. */
export function factorCell(factor: number | undefined): string {
  return factor === undefined ? "–" : MARKS[standingOf(factor)](format.ratio(factor));
}

/** The number of each outcome: "12 / 1 / 3". */
export function tallyOf(factors: readonly (number | undefined)[]): string {
  const standings = factors.filter((factor) => factor !== undefined).map(standingOf);
  return (["ahead", "even", "behind"] as const)
    .map((standing) => standings.filter((each) => each === standing).length)
    .join(" / ");
}
