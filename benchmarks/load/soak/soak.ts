import { setTimeout } from "node:timers/promises";
import { type Snapshots, Stand } from "../driver/stand.ts";
import { type Recorded, Recorder } from "../models/recorder.ts";
import type { ScenarioName } from "../scenarios/scenarios.ts";
import type { Leak } from "../server/leaky-api.ts";
import { problemsOf } from "./problems.ts";
import { type Judged, judged } from "./series.ts";

/** The plan of a soak. */
export interface SoakPlan {
  readonly scenario: ScenarioName;
  readonly sessions: number;
  /** Milliseconds between two operations of a session, on average. */
  readonly think: number;
  /** The duration, in seconds. It is exceeded if there are fewer than eight windows by then. */
  readonly duration: number;
  /** Seconds of a window: of its load, and of the snapshot after it. */
  readonly window: number;
  /** Mistakes of the server, for tests of the soak. */
  readonly leaks?: readonly Leak[];
}

/** The outcome of a soak. */
export interface SoakOutcome {
  readonly plan: SoakPlan;
  readonly snapshots: readonly Snapshots[];
  readonly judged: readonly Judged[];
  /** The operations of all windows. */
  readonly recorded: Recorded;
  /** In words: figures that grew, and failures. Empty if all is well. */
  readonly problems: readonly string[];
}

/** The share of a window that is left for its snapshot, and the most seconds of that. */
const SNAPSHOT = 0.2;
const LONGEST_SNAPSHOT = 1.5;

const LEAST_WINDOWS = 8;

/** Runs a soak: load in windows, with a snapshot after each, when nothing is under way. */
export async function soak(
  plan: SoakPlan,
  onWindow: (snapshots: Snapshots, seconds: number) => void = () => {},
): Promise<SoakOutcome> {
  const { scenario, sessions, think, duration, window, leaks = [] } = plan;
  const load = window - Math.min(window * SNAPSHOT, LONGEST_SNAPSHOT);
  const recorder = new Recorder();
  const snapshots: Snapshots[] = [];
  const stand = await Stand.start({ leaks });
  try {
    await stand.connect(sessions);
    const start = performance.now();
    const passed = () => (performance.now() - start) / 1000;
    while (passed() < duration || snapshots.length < LEAST_WINDOWS) {
      const end = passed() + window;
      recorder.add(await stand.run(scenario, { model: "closed", think }, load));
      const taken = await stand.snapshots();
      await setTimeout((end - passed()) * 1000);
      snapshots.push(taken);
      onWindow(taken, passed());
    }
  } finally {
    await stand[Symbol.asyncDispose]();
  }
  const figures = judged(snapshots.slice(warmUpOf(snapshots.length)));
  const problems = problemsOf(figures, recorder);
  return { plan, snapshots, judged: figures, recorded: recorder, problems };
}

/** The first quarter of the windows, in which code is compiled and buffers reach their size. */
export function warmUpOf(windows: number): number {
  return Math.ceil(windows / 4);
}
