import type { Case } from "../cases/case.ts";
import type { Launcher } from "./peers.ts";
import type { Plan } from "./plan.ts";
import type { Result } from "./results.ts";
import { runGrowth } from "./run-growth.ts";
import { runHeap } from "./run-heap.ts";
import { runTimed } from "./run-timed.ts";
import { runTraffic } from "./run-traffic.ts";

/** Measures a case of any kind. */
export function run(measured: Case, launcher: Launcher, plan: Plan): Promise<Result> {
  switch (measured.kind) {
    case "timed":
      return runTimed(measured, launcher, plan);
    case "heap":
      return runHeap(measured, launcher, plan);
    case "traffic":
      return runTraffic(measured, launcher);
    case "growth":
      return runGrowth(measured, launcher, plan);
  }
}
