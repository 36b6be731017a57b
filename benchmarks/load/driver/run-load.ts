import type { Model } from "../models/run.ts";
import type { ScenarioName } from "../scenarios/scenarios.ts";
import { type RunFigures, Stand } from "./stand.ts";

/** A run of one scenario. */
export interface LoadPlan {
  readonly scenario: ScenarioName;
  readonly model: Model;
  readonly sessions: number;
  readonly seconds: number;
  /** The processes that make load. */
  readonly generators: number;
  readonly seed: number;
}

/** Seconds of load that aren't counted, in which code is compiled. */
const WARM_UP = 2;

/** Runs a scenario on new processes. */
export async function runLoad(plan: LoadPlan): Promise<RunFigures> {
  const { scenario, model, sessions, seconds, generators, seed } = plan;
  const stand = await Stand.start({ generators, seed });
  try {
    await stand.connect(sessions);
    await stand.run(scenario, model, WARM_UP);
    return await stand.run(scenario, model, seconds);
  } finally {
    await stand[Symbol.asyncDispose]();
  }
}
