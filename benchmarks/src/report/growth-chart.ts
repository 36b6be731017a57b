import type { Pair } from "../cases/case.ts";
import type { GrowthResult, Run } from "../driver/results.ts";
import type { Point } from "../statistics/growth.ts";
import { duration, plural } from "./format.ts";
import { legend, seriesOf } from "./series.ts";
import { element, picture, text } from "./svg.ts";

const COLUMNS = 3;
const WIDTH = 1080;
const MARGIN = 28;
const GAP = 26;
const PANEL_WIDTH = (WIDTH - 2 * MARGIN - (COLUMNS - 1) * GAP) / COLUMNS;
const PANEL_HEIGHT = 236;
const HEADER_HEIGHT = 96;
/** The margins around the plot of a panel. */
const INSET = { left: 58, right: 10, top: 46, bottom: 34 };

/** One panel per case: the cost of an item, by the number of items. Both scales are logarithmic. */
export function growthChart({ node, results }: Run, machine: string): string {
  const panels = results.filter((result) => result.kind === "growth");
  const pairs = [...new Set(panels.flatMap(({ figures }) => Object.keys(figures) as Pair[]))];
  const content = [
    text(MARGIN, 36, "heading", "How cost grows: a line that doesn’t rise is linear, or better"),
    text(MARGIN, 56, "soft", `Time per item, by how many there are. Node ${node}, ${machine}`),
    legend(MARGIN, 80, pairs),
    ...panels.map((result, i) =>
      panel(
        result,
        MARGIN + (i % COLUMNS) * (PANEL_WIDTH + GAP),
        HEADER_HEIGHT + Math.floor(i / COLUMNS) * PANEL_HEIGHT,
      ),
    ),
  ];
  const height = HEADER_HEIGHT + Math.ceil(panels.length / COLUMNS) * PANEL_HEIGHT + 4;
  return picture(WIDTH, height, "Cost per item, by size", content.join(""));
}

function panel({ name, unit, figures }: GrowthResult, left: number, top: number): string {
  const lines = Object.entries(figures).map(([pair, { points }]) => ({
    pair: pair as Pair,
    points: points.map(({ size, cost }) => ({ size, cost: cost / size })),
  }));
  const all = lines.flatMap(({ points }) => points);
  const x = scale(
    all.map(({ size }) => size),
    left + INSET.left,
    left + PANEL_WIDTH - INSET.right,
  );
  const y = scale(
    all.map(({ cost }) => cost),
    top + PANEL_HEIGHT - INSET.bottom,
    top + INSET.top,
  );
  const grid = [
    ...y.decades.map((value) => [
      element("line", {
        class: "grid",
        x1: left + INSET.left,
        x2: left + PANEL_WIDTH - INSET.right,
        y1: y.at(value),
        y2: y.at(value),
      }),
      text(
        left + INSET.left - 7,
        y.at(value) + 4,
        "end soft",
        duration(value).replace(/\.0+ /, " "),
      ),
    ]),
    ...x.decades.map((value) => [
      text(x.at(value), top + PANEL_HEIGHT - INSET.bottom + 18, "middle soft", short(value)),
    ]),
  ].flat();
  return [
    text(left, top + 18, "title", name.replace("growth: ", "")),
    text(left, top + 34, "soft", `time per ${unit}, by number of ${plural(unit)}`),
    ...grid,
    // Draws ours last, on top of the others.
    ...lines.toReversed().map(({ pair, points }) => line(pair, points, x, y)),
  ].join("");
}

function line(pair: Pair, points: readonly Point[], x: Scale, y: Scale): string {
  const series = seriesOf(pair);
  const path = points.map(({ size, cost }) => `${x.at(size).toFixed(1)} ${y.at(cost).toFixed(1)}`);
  return [
    element("path", { class: `line ${series}`, d: `M${path.join(" L")}` }),
    ...points.map(({ size, cost }) =>
      element("circle", { class: series, cx: x.at(size), cy: y.at(cost), r: 2.6 }),
    ),
  ].join("");
}

/** The position of values in the drawing, and the powers of ten within it. */
interface Scale {
  at(value: number): number;
  readonly decades: readonly number[];
}

/** A logarithmic scale of whole decades that hold all values. */
function scale(values: readonly number[], from: number, to: number): Scale {
  const low = Math.floor(Math.log10(Math.min(...values)));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values))));
  return {
    at: (value) => from + ((Math.log10(value) - low) / (high - low)) * (to - from),
    decades: Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i)),
  };
}

/** A power of ten: "10", "1k", "10M". */
function short(value: number): string {
  return value.toLocaleString("en", { notation: "compact" }).replace("K", "k");
}
