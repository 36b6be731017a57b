import type { Machine } from "../../src/driver/machine.ts";
import type { MemoryPoint } from "../driver/memory.ts";
import type { LoadPlan } from "../driver/run-load.ts";
import type { RunFigures } from "../driver/stand.ts";
import { expectedInterval } from "../models/closed.ts";
import { Latencies, PERCENTILES } from "../models/latencies.ts";
import type { Recorded } from "../models/recorder.ts";
import type { Strain } from "../server/watch.ts";

/** The content of docs/load.json. Each command writes its part. */
export interface LoadRecord {
  readonly load?: LoadReport;
  readonly soak?: SoakReport;
}

/** The conditions of a measurement. */
export interface Conditions {
  readonly date: string;
  readonly node: string;
  readonly machine: Machine;
}

/** The result of `npm run load`. */
export interface LoadReport extends Conditions {
  readonly runs: readonly RunReport[];
  readonly memory: readonly MemoryPoint[];
}

/** The result of one run. */
export interface RunReport {
  readonly plan: LoadPlan;
  /** The operations of all kinds together. */
  readonly all: OperationReport;
  /** By kind, if the scenario has several. */
  readonly kinds: Readonly<Record<string, OperationReport>>;
  /** Closed model: the latencies as the users saw them, before the correction. */
  readonly seen?: Quantiles;
  /** From the intended to the real start of operations. */
  readonly lag: Quantiles;
  readonly server: Strain;
}

/** Latencies in milliseconds. */
export interface Quantiles {
  /** Those of `PERCENTILES`; `null` where too few operations ran. */
  readonly percentiles: readonly (number | null)[];
  readonly max: number;
}

/** The outcome of operations. */
export interface OperationReport extends Quantiles {
  /** Per second. */
  readonly rate: number;
  readonly failures: Readonly<Record<string, number>>;
}

/** The result of `npm run soak`. */
export interface SoakReport extends Conditions {
  readonly minutes: number;
  readonly sessions: number;
  readonly think: number;
  readonly windows: number;
  readonly warmUp: number;
  readonly operations: number;
  /** The figures with their medians. */
  readonly figures: readonly SoakFigure[];
  /** The server's memory after each window, in bytes. */
  readonly course: readonly { readonly heap: number; readonly rss: number }[];
  readonly problems: readonly string[];
}

/** A figure of a soak. */
export interface SoakFigure {
  readonly name: string;
  readonly unit: "bytes" | "count";
  readonly first: number;
  readonly last: number;
  readonly allowed: number;
  readonly isFlat: boolean;
}

/** The report of a run. */
export function reportOf(plan: LoadPlan, figures: RunFigures): RunReport {
  const all = new Latencies();
  const failures: Record<string, number> = {};
  for (const kind of Object.values(figures.kinds)) {
    all.add(kind.latencies);
    for (const [code, count] of Object.entries(kind.failures)) {
      failures[code] = (failures[code] ?? 0) + count;
    }
  }
  const { model } = plan;
  const isClosed = model.model === "closed";
  const correct = (latencies: Latencies) =>
    isClosed
      ? latencies.corrected(expectedInterval(model, latencies.percentile(50) ?? latencies.max))
      : latencies;
  const operations = (latencies: Latencies, of: Readonly<Record<string, number>>) => ({
    ...quantilesOf(correct(latencies)),
    rate: latencies.count / figures.seconds,
    failures: of,
  });
  return {
    plan,
    all: operations(all, failures),
    kinds: kindsOf(figures, operations),
    ...(isClosed && { seen: quantilesOf(all) }),
    lag: quantilesOf(figures.lag),
    server: figures.server,
  };
}

function kindsOf(
  { kinds }: Recorded,
  report: (latencies: Latencies, failures: Readonly<Record<string, number>>) => OperationReport,
): Record<string, OperationReport> {
  const entries = Object.entries(kinds);
  if (entries.length < 2) return {};
  return Object.fromEntries(
    entries.map(([kind, { latencies, failures }]) => [kind, report(latencies, failures)]),
  );
}

function quantilesOf(latencies: Latencies): Quantiles {
  return {
    percentiles: PERCENTILES.map((percent) => latencies.percentile(percent) ?? null),
    max: latencies.max,
  };
}
