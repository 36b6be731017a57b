import { ConformanceError } from "./errors.ts";

/** What came of a scenario. */
export interface ScenarioResult {
  readonly name: string;
  /** What was wrong; `undefined` if nothing was. */
  readonly failure: string | undefined;
  /** Why it was not run, if it wasn't. */
  readonly skipped?: string | undefined;
  /** Milliseconds. */
  readonly duration: number;
}

/** Runs a scenario, and says what came of it. */
export async function resultOf(name: string, run: () => Promise<void>): Promise<ScenarioResult> {
  const start = performance.now();
  let failure: string | undefined;
  try {
    await run();
  } catch (error) {
    failure = error instanceof ConformanceError ? error.message : String((error as Error)?.stack);
  }
  return { name, failure, duration: performance.now() - start };
}
