// Results for tests, with figures that are easy to recognise.
import type { Pair } from "../src/cases/case.ts";
import {
  FORMAT,
  type Occasion,
  type RecordedResult,
  type Report,
  type TimedResult,
} from "../src/driver/results.ts";

const FULL_RUN: Occasion = { date: "2026-11-27T09:00:00.000Z", code: "0b6691fb" };

/** A case over WebSockets in which ours takes 10 µs, and the given factors more. */
export function timed(
  name: string,
  factors: readonly (readonly [Pair, against: Pair, factor: number])[],
  measured = FULL_RUN,
): TimedResult & RecordedResult {
  const spread = (median: number) => ({ median, low: median, high: median });
  return {
    kind: "timed",
    name,
    about: "Something happens.",
    link: "WebSocket",
    unit: "call",
    figures: { ours: { ...spread(10_000), processor: 9000 } },
    comparisons: factors.map(([pair, against, factor]) => ({
      pair,
      against,
      ...spread(factor),
      noise: 0.1,
    })),
    measured,
  };
}

/** A case of calls whose messages and bytes were counted. */
export function traffic(
  name: string,
  bytes: Readonly<Partial<Record<Pair, number>>>,
): RecordedResult {
  const figures = Object.entries(bytes).map(([pair, each]) => [
    pair,
    { messages: 2, frames: 2, bytes: each, isExact: true },
  ]);
  return {
    kind: "traffic",
    name,
    about: "",
    link: "WebSocket",
    unit: "call",
    units: 1,
    figures: Object.fromEntries(figures),
    measured: FULL_RUN,
  };
}

/** The report of a run of everything, with one Node. */
export function report(...results: readonly RecordedResult[]): Report {
  return {
    ...FULL_RUN,
    format: FORMAT,
    machine: { processor: "Some processor", cores: 2, memory: 8, system: "Linux" },
    plan: {
      launches: 2,
      rounds: 6,
      turn: 80,
      warmUp: 400,
      largest: 1000,
      repetitions: 3,
      patience: 1000,
    },
    versions: { capnweb: "0.12.0" },
    runs: [{ node: "v26.1.0", results }],
  };
}
