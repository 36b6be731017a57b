import type { Pair } from "../cases/case.ts";
import type { GrowthFigure, GrowthResult, Run } from "../driver/results.ts";
import { growthOf, LINEAR } from "../statistics/growth.ts";
import * as format from "./format.ts";
import { labelOf } from "./labels.ts";

/** The chart of growth, and the results of each run in words. */
export function growthSection(runs: readonly Run[]): string {
  return `## How cost grows

![Cost of an item, by number of items](benchmarks-growth.svg)

An exponent of 1 is linear: ten times the size costs ten times as much. The exponent is fitted over
the last two decades of size. Up to ${LINEAR} counts as linear, because caches and the garbage
collector add some cost. “As hand-written” means more, but no more than the hand-written program of
the same case.

${runs.map(growthOfRun).join("\n\n")}`;
}

function growthOfRun({ node, results }: Run): string {
  const growth = results.filter((result) => result.kind === "growth");
  return `### Node ${node}\n\n${growth.map(sentenceOf).join("\n")}`;
}

/** The result of a growth case, in words. */
function sentenceOf({ name, about, unit, figures }: GrowthResult): string {
  const parts = (Object.entries(figures) as [Pair, GrowthFigure][]).map(
    ([pair, { points, exponent }]) => {
      const { size, cost } = points.at(-1)!;
      const growth = growthOf(exponent, figures.raw?.exponent);
      const each = format.duration(cost / size);
      return `${labelOf(pair)} ${growth} (exponent ${format.ratio(exponent)}; ${each} per ${unit} at ${size.toLocaleString("en")})`;
    },
  );
  return `- **${name.replace("growth: ", "")}**: ${parts.join("; ")}. ${about}`;
}
