import type { Pair } from "../cases/case.ts";
import type { Run, TimedResult } from "../driver/results.ts";
import { number, plural } from "./format.ts";
import { labelOf } from "./labels.ts";
import { seriesOf } from "./series.ts";
import { element, picture, text } from "./svg.ts";

const COLUMNS = 3;
const WIDTH = 1080;
const MARGIN = 28;
const GAP = 32;
const PANEL_WIDTH = (WIDTH - 2 * MARGIN - (COLUMNS - 1) * GAP) / COLUMNS;
const LABEL_WIDTH = 118;
/** Room for a figure behind a bar. */
const FIGURE_WIDTH = 60;
const BAR_HEIGHT = 13;
const BAR_PITCH = 19;
const TITLE_HEIGHT = 46;
const HEADER_HEIGHT = 72;

/**
 * Timed cases, one panel each, with runs per second of each contestant. Cases in memory stay in the
 * tables.
 */
export function barChart({ node, results }: Run, machine: string): string {
  const panels = results
    .filter((result) => result.kind === "timed")
    .filter(({ link }) => link !== "memory");
  const rows = chunk(panels, COLUMNS);
  const content = [
    text(MARGIN, 36, "heading", "How many a second: longer is better"),
    text(MARGIN, 56, "soft", `Node ${node}, ${machine}; client → server where they differ`),
  ];
  let y = HEADER_HEIGHT;
  for (const row of rows) {
    row.forEach((result, i) => {
      content.push(panel(result, MARGIN + i * (PANEL_WIDTH + GAP), y));
    });
    y += Math.max(...row.map(heightOf));
  }
  return picture(WIDTH, y + 8, "Calls, batches, bytes and sessions a second", content.join(""));
}

function panel({ name, link, unit, figures }: TimedResult, left: number, top: number): string {
  const bars = Object.entries(figures).map(([pair, { median }]) => ({
    pair: pair as Pair,
    rate: 1e9 / median,
  }));
  const longest = Math.max(...bars.map(({ rate }) => rate));
  const room = PANEL_WIDTH - LABEL_WIDTH - FIGURE_WIDTH;
  const drawn = bars.map(({ pair, rate }, i) => {
    const y = top + TITLE_HEIGHT + i * BAR_PITCH;
    const width = Math.max(1.5, (rate / longest) * room);
    const x = left + LABEL_WIDTH;
    return [
      text(x - 8, y + BAR_HEIGHT - 2.5, "end soft", labelOf(pair)),
      element("rect", { class: seriesOf(pair), x, y, width, height: BAR_HEIGHT, rx: 2.5 }),
      text(x + width + 6, y + BAR_HEIGHT - 2.5, "", number(rate)),
    ].join("");
  });
  return [
    text(left, top + 18, "title", name),
    text(left, top + 34, "soft", `${plural(unit)} a second${link === "none" ? "" : `, ${link}`}`),
    ...drawn,
  ].join("");
}

function heightOf({ figures }: TimedResult): number {
  return TITLE_HEIGHT + Object.keys(figures).length * BAR_PITCH + 18;
}

function chunk<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, i) =>
    list.slice(i * size, (i + 1) * size),
  );
}
