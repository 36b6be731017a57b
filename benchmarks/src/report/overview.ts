// The tables at the top of the page: ours beside each library, in every case.
import type { Pair } from "../cases/case.ts";
import type { GrowthResult, RecordedResult, Report, Run } from "../driver/results.ts";
import * as format from "./format.ts";
import { labelOf } from "./labels.ts";
import { nameOf } from "./occasion.ts";
import { factorCell, factorOf, tallyOf } from "./standing.ts";
import type { Table } from "./table.ts";

/** The libraries, and the hand-written program, in the order of the columns. */
const LIBRARIES: readonly Pair[] = ["reference", "raw", "birpc", "socket.io", "tRPC", "oRPC"];

/** Ours and the reference at the two ends of a connection. */
const MIXED: readonly Pair[] = ["ours/reference", "reference/ours"];

/** Ours beside each library: a row for each case, below the number of cases won and lost. */
export function overview({ results }: Run, report: Report): Table {
  const rows = results.filter(isInOverview);
  const factors = (library: Pair) => rows.map((result) => factorOf(result, "ours", library));
  return {
    columns: ["case", "ours", ...LIBRARIES.map(headingOf)],
    rows: [
      ["_ours is ahead / even / behind_", "", ...LIBRARIES.map((each) => tallyOf(factors(each)))],
      ...rows.map((result) => [
        nameOf(result, report),
        figureOf(result),
        ...LIBRARIES.map((library) => factorCell(factorOf(result, "ours", library))),
      ]),
    ],
  };
}

/** Ours with the reference at the other end, beside the reference at both ends. */
export function mixedOverview({ results }: Run, report: Report): Table {
  return {
    columns: ["case", ...MIXED.map(labelOf)],
    rows: results
      .map((result) => ({
        result,
        factors: MIXED.map((pair) => factorOf(result, pair, "reference")),
      }))
      .filter(({ result, factors }) => result.kind === "timed" && !factors.includes(undefined))
      .map(({ result, factors }) => [nameOf(result, report), ...factors.map(factorCell)]),
  };
}

/** Ours beside each library that takes part, by size: a row for each size of a growth case. */
export function sizeOverview({ figures, unit }: GrowthResult): Table {
  const { ours, ...others } = figures;
  const libraries = Object.keys(others) as Pair[];
  return {
    columns: [format.plural(unit), "ours", ...libraries.map(headingOf)],
    rows: (ours?.points ?? []).map(({ size, cost }, i) => [
      size.toLocaleString("en"),
      format.duration(cost),
      ...libraries.map((library) => {
        const other = others[library as keyof typeof others]?.points[i];
        return factorCell(other && other.cost / cost);
      }),
    ]),
  };
}

/**
 * In memory, only the reference takes part. Of the cases on the wire, those of calls show what
 * libraries add to the values.
 */
function isInOverview({ kind, link, unit }: RecordedResult): boolean {
  switch (kind) {
    case "timed":
      return link !== "memory";
    case "heap":
      return true;
    case "traffic":
      return unit === "call";
    case "growth":
      return false;
  }
}

function headingOf(pair: Pair): string {
  return pair === "reference" ? "capnweb" : labelOf(pair);
}

/** The figure of ours in a case, per unit: a time, or bytes. */
function figureOf(result: RecordedResult): string {
  if (result.kind === "growth" || result.figures.ours === undefined) return "–";
  return `${amountOf(result)} / ${result.unit}`;
}

function amountOf(result: Exclude<RecordedResult, GrowthResult>): string {
  switch (result.kind) {
    case "timed":
      return format.duration(result.figures.ours!.median);
    case "heap":
      return format.bytes(result.figures.ours!.median);
    case "traffic":
      return format.bytes(result.figures.ours!.bytes / result.units);
  }
}
