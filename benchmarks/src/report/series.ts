import type { Pair } from "../cases/case.ts";
import { labelOf } from "./labels.ts";
import { element, type Series, text } from "./svg.ts";

const SERIES: Partial<Record<Pair, Series>> = {
  ours: "ours",
  "ours, pull": "mixed",
  "ours/reference": "mixed",
  "reference/ours": "mixed",
  reference: "reference",
  raw: "raw",
  birpc: "birpc",
  "socket.io": "socketIo",
};

export function seriesOf(pair: Pair): Series {
  return SERIES[pair] ?? "other";
}

/** The legend of the colours, in a line that begins at x. */
export function legend(x: number, y: number, pairs: readonly Pair[]): string {
  const WIDTH_OF_LETTER = 6.6;
  let left = x;
  return pairs
    .map((pair) => {
      const label = labelOf(pair);
      const mark = element("rect", {
        class: seriesOf(pair),
        x: left,
        y: y - 9,
        width: 10,
        height: 10,
        rx: 2.5,
      });
      const entry = mark + text(left + 16, y, "soft", label);
      left += 16 + label.length * WIDTH_OF_LETTER + 18;
      return entry;
    })
    .join("");
}
