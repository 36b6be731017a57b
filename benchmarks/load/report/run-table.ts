import { duration, number } from "../../src/report/format.ts";
import type { Table } from "../../src/report/table.ts";
import { PERCENTILES } from "../models/latencies.ts";
import type { OperationReport, Quantiles, RunReport } from "./results.ts";

const LATENCIES = [...PERCENTILES.map((percent) => `p${percent}`), "max"];

/** All runs: what was asked for, latencies, and the strain on the server. */
export function runTable(runs: readonly RunReport[]): Table {
  return {
    columns: ["scenario", "per second", ...LATENCIES, "failed", "server's processor", "peak RSS"],
    rows: runs.map((run) => [
      titleOf(run),
      number(run.all.rate),
      ...cellsOf(run.all),
      failuresOf(run.all),
      `${Math.round(run.server.processor * 100)} %`,
      `${Math.round(run.server.peakRss / 1024 ** 2)} MiB`,
    ]),
  };
}

/** The kinds of operations of a run that has several. */
export function kindTable({ kinds }: RunReport): Table {
  return {
    columns: ["operation", "per second", ...LATENCIES, "failed"],
    rows: Object.entries(kinds).map(([kind, report]) => [
      kind,
      number(report.rate),
      ...cellsOf(report),
      failuresOf(report),
    ]),
  };
}

/** The two ways to see the latencies of a closed run, and the open run beside it. */
export function modelTable(open: RunReport, closed: RunReport): Table {
  return {
    columns: ["model", ...LATENCIES],
    rows: [
      ["open", ...cellsOf(open.all)],
      ["closed, corrected", ...cellsOf(closed.all)],
      ["closed, as the users saw it", ...cellsOf(closed.seen!)],
    ],
  };
}

export function titleOf({ plan: { scenario, model } }: RunReport): string {
  return model.model === "open" ? scenario : `${scenario}, closed`;
}

function cellsOf({ percentiles, max }: Quantiles): string[] {
  return [...percentiles, max].map(latency);
}

/** A latency in milliseconds, in a suitable unit. */
export function latency(milliseconds: number | null): string {
  return milliseconds === null ? "–" : duration(milliseconds * 1e6);
}

function failuresOf({ failures }: OperationReport): string {
  const all = Object.entries(failures);
  return all.length === 0 ? "0" : all.map(([code, count]) => `${code}: ${count}`).join(", ");
}
