import type { Pair } from "../cases/case.ts";
import { BASELINES } from "../driver/compare.ts";
import type {
  Comparison,
  GrowthResult,
  HeapResult,
  Result,
  TimedResult,
  TrafficResult,
} from "../driver/results.ts";
import { growthOf } from "../statistics/growth.ts";
import * as format from "./format.ts";
import { labelOf } from "./labels.ts";
import type { Table } from "./table.ts";

/** The figures of a case, one row per pair. */
export function tableOf(result: Result): Table {
  switch (result.kind) {
    case "timed":
      return timedTable(result);
    case "heap":
      return heapTable(result);
    case "traffic":
      return trafficTable(result);
    case "growth":
      return growthTable(result);
  }
}

function timedTable({ unit, figures, comparisons }: TimedResult): Table {
  const against = baselinesOf(comparisons);
  return {
    columns: [
      "",
      `per ${unit}`,
      "quartiles",
      "processor",
      `${format.plural(unit)} a second`,
      ...against.map((each) => `× ${labelOf(each)}`),
    ],
    rows: entries(figures).map(([pair, spread]) => [
      labelOf(pair),
      format.duration(spread.median),
      format.spread(spread),
      format.duration(spread.processor),
      format.perSecond(spread.median),
      ...against.map((each) => ratioTo(comparisons, pair, each)),
    ]),
  };
}

function heapTable({ unit, figures, comparisons }: HeapResult): Table {
  const against = baselinesOf(comparisons);
  const bytes = (value: number) => format.count(Math.round(value));
  return {
    columns: [
      "",
      `bytes per ${unit}`,
      "quartiles",
      "at the client",
      "at the server",
      ...against.map((each) => `${labelOf(each)} ÷ it`),
    ],
    rows: entries(figures).map(([pair, figure]) => [
      labelOf(pair),
      bytes(figure.median),
      format.spread(figure),
      bytes(figure.client),
      bytes(figure.server),
      ...against.map((each) => ratioTo(comparisons, pair, each)),
    ]),
  };
}

function trafficTable({ unit, units, figures }: TrafficResult): Table {
  return {
    columns: ["", `messages per ${unit}`, "frames", "bytes", "the same each time"],
    rows: entries(figures).map(([pair, { messages, frames, bytes, isExact }]) => [
      labelOf(pair),
      ...[messages, frames, bytes].map((value) => format.count(value / units)),
      isExact ? "yes" : "no",
    ]),
  };
}

function growthTable({ unit, figures }: GrowthResult): Table {
  const pairs = entries(figures);
  const sizes = pairs[0]?.[1].points.map(({ size }) => size) ?? [];
  return {
    columns: [
      `${format.plural(unit)} (time per ${unit})`,
      ...sizes.map((size) => size.toLocaleString("en")),
      "exponent",
      "",
    ],
    rows: pairs.map(([pair, { points, exponent }]) => [
      labelOf(pair),
      ...points.map(({ size, cost }) => format.duration(cost / size)),
      format.ratio(exponent),
      growthOf(exponent, figures.raw?.exponent),
    ]),
  };
}

function baselinesOf(comparisons: readonly Comparison[]): Pair[] {
  return BASELINES.filter((pair) => comparisons.some(({ against }) => against === pair));
}

function ratioTo(comparisons: readonly Comparison[], pair: Pair, against: Pair): string {
  if (pair === against) return "1";
  const found = comparisons.find((each) => each.pair === pair && each.against === against);
  return found === undefined ? "" : format.ratio(found.median);
}

/** The entries of an object whose keys are pairs. */
function entries<T>(figures: Readonly<Partial<Record<Pair, T>>>): [Pair, T][] {
  return Object.entries(figures) as [Pair, T][];
}
