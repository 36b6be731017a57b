import { element, text } from "../../src/report/svg.ts";

/** An axis: the values at its ends, and labels at some of them. */
export interface Axis {
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly (readonly [value: number, label: string])[];
}

/** A line of a plot. `series` is the class of its colour. */
export interface Line {
  readonly series: string;
  readonly label: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** A panel with lines. */
export interface Plot {
  readonly title: string;
  readonly subtitle: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly lines: readonly Line[];
}

/** The margins around the lines of a panel. */
const INSET = { left: 56, right: 12, top: 48, bottom: 78 };
/** The distances of a legend: between lines, from a mark to its label, and behind the label. */
const LEGEND = { line: 18, mark: 16, gap: 16 };
const WIDTH_OF_LETTER = 6.6;

/** Draws a panel, with a legend below. */
export function drawPlot(plot: Plot, left: number, top: number, width: number, height: number) {
  const edges = {
    left: left + INSET.left,
    right: left + width - INSET.right,
    top: top + INSET.top,
    bottom: top + height - INSET.bottom,
  };
  const x = (value: number) => position(plot.x, value, edges.left, edges.right);
  const y = (value: number) => position(plot.y, value, edges.bottom, edges.top);
  const grid = plot.y.ticks.flatMap(([value, label]) => [
    element("line", { class: "grid", x1: edges.left, x2: edges.right, y1: y(value), y2: y(value) }),
    text(edges.left - 7, y(value) + 4, "end soft", label),
  ]);
  const labels = plot.x.ticks.map(([value, label]) =>
    text(x(value), edges.bottom + 18, "middle soft", label),
  );
  const lines = plot.lines.map(({ series, points }) => {
    const path = points.map(([px, py]) => `${x(px).toFixed(1)} ${y(py).toFixed(1)}`);
    return element("path", { class: `line ${series}`, d: `M${path.join(" L")}` });
  });
  return [
    text(left, top + 18, "title", plot.title),
    text(left, top + 34, "soft", plot.subtitle),
    ...grid,
    ...labels,
    ...lines,
    legend(plot.lines, edges.left, edges.bottom + 44, edges.right - edges.left),
  ].join("");
}

function legend(lines: readonly Line[], left: number, top: number, width: number): string {
  let x = left;
  let y = top;
  return lines
    .map(({ series, label }) => {
      const length = LEGEND.mark + label.length * WIDTH_OF_LETTER;
      if (x > left && x + length > left + width) {
        x = left;
        y += LEGEND.line;
      }
      const mark = element("rect", { class: series, x, y: y - 9, width: 10, height: 10, rx: 2.5 });
      const entry = mark + text(x + LEGEND.mark, y, "soft", label);
      x += length + LEGEND.gap;
      return entry;
    })
    .join("");
}

function position({ from, to }: Axis, value: number, start: number, end: number): number {
  return start + ((value - from) / (to - from)) * (end - start);
}

/**
 * A linear axis from 0, with ticks at round values.
 *
 * @param end the end of the axis: a tick, or the largest value
 */
export function linearAxis(
  most: number,
  label: (value: number) => string,
  end: "tick" | "value" = "tick",
): Axis {
  const rough = most / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((each) => each * power).find((each) => each >= rough)!;
  const count = end === "tick" ? Math.ceil(most / step) : Math.floor(most / step);
  const ticks = Array.from({ length: count + 1 }, (_, i) => [i * step, label(i * step)] as const);
  return { from: 0, to: end === "tick" ? count * step : most, ticks };
}

/** An axis of whole decades that hold all values, which are to be given as logarithms. */
export function decadeAxis(values: readonly number[], label: (value: number) => string): Axis {
  const from = Math.floor(Math.min(...values));
  const to = Math.max(from + 1, Math.ceil(Math.max(...values)));
  const ticks = Array.from(
    { length: to - from + 1 },
    (_, i) => [from + i, label(10 ** (from + i))] as const,
  );
  return { from, to, ticks };
}
