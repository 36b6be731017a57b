// What we set out to reach, as ratios of one run; and whether a run shows it.
import type { Pair } from "../cases/case.ts";
import type { Result } from "../driver/results.ts";

/** What one pair has to reach in a case. */
export interface Target {
  readonly case: string;
  readonly pair: Pair;
  /** What it is compared with; if nothing, the figure itself is meant. */
  readonly against?: Pair;
  /**
   * How the comparison is put: how many times as fast it is at least, how many times as long it
   * takes at most, or how large the figure is at most.
   */
  readonly by: "speed" | "time" | "bytes" | "messages";
  readonly bound: number;
}

/** A case's targets for ours with ours, and for ours with the reference at the other end. */
export interface Goal {
  readonly case: string;
  readonly targets: readonly Target[];
}

/** A target, what was measured, and whether that's enough. */
export interface Outcome {
  readonly target: Target;
  /** Undefined if the case wasn't measured. */
  readonly measured: number | undefined;
  readonly isMet: boolean;
}

const MIXED: readonly Pair[] = ["ours/reference", "reference/ours"];

export const GOALS: readonly Goal[] = [
  goal("200 in flight, small argument", [
    faster("ours", "raw", 1.5),
    faster("ours", "reference", 3.5),
    ...MIXED.map((pair) => faster(pair, "reference", 1.3)),
  ]),
  goal("200 in flight, 2 KB argument", [
    faster("ours", "raw", 1),
    ...MIXED.map((pair) => faster(pair, "reference", 1.2)),
  ]),
  goal("one call at a time", [
    takes("ours", "raw", 1.05),
    ...MIXED.map((pair) => takes(pair, "raw", 1.1)),
  ]),
  goal("one call at a time, in memory", [takes("ours", "reference", 1 / 3)]),
  goal("a chain of ten, in memory", [takes("ours", "reference", 1 / 3)]),
  goal("map over 1,000, in memory", [takes("ours", "reference", 1 / 3)]),
  goal("HTTP batch of 1", [
    takes("ours", "raw", 1.15),
    ...MIXED.map((pair) => takes(pair, "raw", 1.15)),
  ]),
  ...["bytes down, as a stream", "bytes up, as a stream"].map((name) =>
    goal(name, [
      faster("ours", "raw", 0.8),
      ...MIXED.map((pair) => faster(pair, "reference", 1.2)),
    ]),
  ),
  goal("serialize", [faster("ours", "reference", 1.5)]),
  goal("deserialize", [faster("ours", "reference", 1.5)]),
  goal("heap per held stub", [atMost("ours", "bytes", 300)]),
  goal("on the wire: one call at a time", [atMost("ours", "messages", 2)]),
];

/** What a run shows of the targets of a goal. */
export function outcomesOf({ targets }: Goal, results: readonly Result[]): Outcome[] {
  return targets.map((target) => {
    const result = results.find(({ name }) => name === target.case);
    const measured = result && measuredOf(target, result);
    return { target, measured, isMet: measured !== undefined && meets(target, measured) };
  });
}

function meets({ by, bound }: Target, measured: number): boolean {
  return by === "speed" ? measured >= bound : measured <= bound;
}

function measuredOf({ pair, against, by }: Target, result: Result): number | undefined {
  if (result.kind === "growth") return undefined;
  if (result.kind === "traffic") return result.figures[pair]?.messages;
  if (by === "bytes") return result.figures[pair]?.median;
  const found = result.comparisons.find((each) => each.pair === pair && each.against === against);
  if (found === undefined) return undefined;
  return by === "speed" ? found.median : 1 / found.median;
}

type Unnamed = Omit<Target, "case">;

function goal(name: string, targets: readonly Unnamed[]): Goal {
  return { case: name, targets: targets.map((target) => ({ ...target, case: name })) };
}

function faster(pair: Pair, against: Pair, bound: number): Unnamed {
  return { pair, against, by: "speed", bound };
}

function takes(pair: Pair, against: Pair, bound: number): Unnamed {
  return { pair, against, by: "time", bound };
}

function atMost(pair: Pair, by: "bytes" | "messages", bound: number): Unnamed {
  return { pair, by, bound };
}
