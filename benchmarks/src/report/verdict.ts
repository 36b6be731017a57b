// Compares a run with the recorded one. Absolute figures depend on the machine, so only ratios
// within one run, and counts, are compared.
import type { Pair } from "../cases/case.ts";
import { BASELINES } from "../driver/compare.ts";
import type { Comparison, Result, TrafficFigure } from "../driver/results.ts";
import * as format from "./format.ts";
import { labelOf } from "./labels.ts";

/** A change for the worse, or a change of a figure that must stay the same. */
export interface Finding {
  readonly case: string;
  /** The problem, for the person who runs the check. */
  readonly message: string;
}

/**
 * The least tolerance for a ratio, as a share of it. Two good runs, whose processes start at
 * different moments, may differ by that much.
 */
export const LEAST_TOLERANCE = 0.05;

/**
 * Compares a case with the recorded one.
 *
 * - A ratio is worse if it is less than the recorded one by more than the recorded noise.
 * - Messages and bytes on the wire must be the same, if they were the same in each count.
 *
 * Only pairs that include ours are compared, and only with the reference and the hand-written
 * program: other libraries aren't ours to keep up with in each commit.
 */
export function findingsIn(recorded: Result, fresh: Result): Finding[] {
  if (recorded.kind === "traffic" && fresh.kind === "traffic") {
    return ownOf(recorded.figures).flatMap(([pair, figure]) =>
      compareTraffic(recorded.name, pair, figure, fresh.figures[pair]),
    );
  }
  if ("comparisons" in recorded && "comparisons" in fresh) {
    return recorded.comparisons
      .filter(({ pair, against }) => isOwn(pair) && BASELINES.includes(against))
      .flatMap((comparison) => compareRatio(recorded.name, comparison, fresh.comparisons));
  }
  return [];
}

/** The tolerated decrease of a ratio, as a share of it. */
export function toleranceOf({ noise }: Pick<Comparison, "noise">): number {
  return Math.max(noise, LEAST_TOLERANCE);
}

function compareRatio(name: string, recorded: Comparison, fresh: readonly Comparison[]): Finding[] {
  const { pair, against, median } = recorded;
  const what = `${labelOf(pair)} against ${labelOf(against)}`;
  const now = fresh.find((each) => each.pair === pair && each.against === against);
  if (now === undefined) return [{ case: name, message: `${what} is no longer measured.` }];
  const tolerance = toleranceOf(recorded);
  if (now.median >= median * (1 - tolerance)) return [];
  const allowed = `${Math.round(tolerance * 100)} % of noise`;
  return [
    {
      case: name,
      message: `${what} is ${format.ratio(now.median)}; it was ${format.ratio(median)}, with ${allowed}.`,
    },
  ];
}

function compareTraffic(
  name: string,
  pair: Pair,
  recorded: TrafficFigure,
  fresh: TrafficFigure | undefined,
): Finding[] {
  const what = labelOf(pair);
  if (fresh === undefined) return [{ case: name, message: `${what} is no longer counted.` }];
  if (!recorded.isExact) return [];
  return (["messages", "bytes"] as const)
    .filter((key) => recorded[key] !== fresh[key])
    .map((key) => ({
      case: name,
      message: `${what} sends ${fresh[key]} ${key} a run; it sent ${recorded[key]}. If that is meant, run \`pnpm bench\` and commit what it writes.`,
    }));
}

function ownOf<T>(figures: Readonly<Partial<Record<Pair, T>>>): [Pair, T][] {
  return (Object.entries(figures) as [Pair, T][]).filter(([pair]) => isOwn(pair));
}

function isOwn(pair: Pair): boolean {
  return pair.includes("ours");
}
