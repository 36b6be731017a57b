// Our targets, as ratios within one run, and the outcome of a run.
import type { Pair } from "../cases/case.ts";
import type { Result, TrafficResult } from "../driver/results.ts";

/** A target of one pair in a case. */
export interface Target {
  readonly case: string;
  readonly pair: Pair;
  /** The pair to compare with; without one, the target is about the figure itself. */
  readonly against?: Pair;
  /**
   * The kind of comparison: at least this many times as fast, at most this many times as long, or
   * at most this large a figure. A figure is per unit, or a multiple of the other's.
   */
  readonly by: "speed" | "time" | "bytes" | "messages";
  readonly bound: number;
}

/** The measured value of a target, and whether it is good enough. */
export interface Outcome {
  readonly target: Target;
  /** The value; `undefined` if the case wasn't measured. */
  readonly measured: number | undefined;
  readonly isMet: boolean;
}

/** Ours with the reference at the other end. */
const MIXED: readonly Pair[] = ["ours/reference", "reference/ours"];

/** The libraries that add the least to a call. Ours is to be ahead of them. */
const OTHERS: readonly Pair[] = ["birpc", "socket.io"];

const CALLS = ["one call at a time", "200 in flight, small argument", "callbacks from the server"];

const DOCUMENTS = [
  "an order, one at a time",
  "an order, 200 in flight",
  "400 records, one at a time",
  "400 records, 20 in flight",
];

export const TARGETS: readonly Target[] = [
  faster("200 in flight, small argument", "ours", "raw", 1.5),
  faster("200 in flight, small argument", "ours", "reference", 3.5),
  ...MIXED.map((pair) => faster("200 in flight, small argument", pair, "reference", 1.3)),
  faster("an order, 200 in flight", "ours", "raw", 1),
  ...["an order, one at a time", "400 records, one at a time"].map((name) =>
    faster(name, "ours", "raw", 0.9),
  ),
  ...DOCUMENTS.flatMap((name) => MIXED.map((pair) => faster(name, pair, "reference", 1.2))),
  ...[...CALLS, ...DOCUMENTS].flatMap((name) =>
    OTHERS.map((other) => faster(name, "ours", other, 1)),
  ),
  takes("one call at a time", "ours", "raw", 1.05),
  ...MIXED.map((pair) => takes("one call at a time", pair, "raw", 1.1)),
  takes("one call at a time, in memory", "ours", "reference", 1 / 3),
  takes("a chain of ten, in memory", "ours", "reference", 1 / 3),
  takes("map over 1,000, in memory", "ours", "reference", 1 / 3),
  takes("HTTP batch of 1", "ours", "raw", 1.15),
  ...MIXED.map((pair) => takes("HTTP batch of 1", pair, "raw", 1.15)),
  ...["bytes down, as a stream", "bytes up, as a stream"].flatMap((name) => [
    faster(name, "ours", "raw", 0.8),
    ...MIXED.map((pair) => faster(name, pair, "reference", 1.2)),
  ]),
  faster("serialize", "ours", "reference", 1.5),
  faster("deserialize", "ours", "reference", 1.5),
  { case: "heap per held stub", pair: "ours", by: "bytes", bound: 300 },
  { case: "on the wire: one call at a time", pair: "ours", by: "messages", bound: 2 },
  {
    case: "on the wire: 400 records, one at a time",
    pair: "ours",
    against: "raw",
    by: "bytes",
    bound: 0.65,
  },
];

/** The outcome of a target in results. */
export function outcomeOf(target: Target, results: readonly Result[]): Outcome {
  const measured = measuredOf(target, results);
  return { target, measured, isMet: measured !== undefined && meets(target, measured) };
}

/** True for a figure that meets its bound as both are printed: with two decimals. */
function meets({ by, bound }: Target, measured: number): boolean {
  const printed = (value: number) => Math.round(value * 100);
  return by === "speed" ? printed(measured) >= printed(bound) : printed(measured) <= printed(bound);
}

/** The figure that a target is about. */
export function measuredOf(target: Target, results: readonly Result[]): number | undefined {
  const { pair, against, by } = target;
  const result = results.find(({ name }) => name === target.case);
  if (result === undefined || result.kind === "growth") return undefined;
  if (result.kind === "traffic") return trafficOf(target, result);
  if (by === "bytes") return result.figures[pair]?.median;
  if (pair === against) return 1;
  const found = result.comparisons.find((each) => each.pair === pair && each.against === against);
  if (found === undefined) return undefined;
  return by === "speed" ? found.median : 1 / found.median;
}

/** The messages or bytes per unit, or as a multiple of those of another pair. */
function trafficOf({ pair, against, by }: Target, result: TrafficResult): number | undefined {
  const key = by === "bytes" ? "bytes" : "messages";
  const own = result.figures[pair]?.[key];
  const other = against === undefined ? result.units : result.figures[against]?.[key];
  return own === undefined || other === undefined ? undefined : own / other;
}

function faster(name: string, pair: Pair, against: Pair, bound: number): Target {
  return { case: name, pair, against, by: "speed", bound };
}

function takes(name: string, pair: Pair, against: Pair, bound: number): Target {
  return { case: name, pair, against, by: "time", bound };
}
