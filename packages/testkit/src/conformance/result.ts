import { scenarioId } from "../transcript/id.ts";
import { ConformanceError } from "./errors.ts";
import type { Habit } from "./habits.ts";

/**
 * - `"passed"`: as recorded.
 * - `"non-strict"`: legal, but in a habit of the implementation's own; see {@link ScenarioResult.habits}.
 * - `"failed"`: not conforming, or listed as a known failure without failing.
 * - `"known"`: failed, as was listed.
 * - `"skipped"`: not run.
 */
export type Verdict = "passed" | "non-strict" | "failed" | "known" | "skipped";

/** What came of a scenario. */
export interface ScenarioResult {
  /** The scenario's id; see `scenarioId`. */
  readonly id: string;
  readonly name: string;
  /** What was wrong; `undefined` if nothing was. */
  readonly failure: string | undefined;
  /** Why it was not run, if it wasn't. */
  readonly skipped?: string | undefined;
  /** In what the peer legally differs from the recording. */
  readonly habits?: readonly Habit[] | undefined;
  /** What was wrong with a scenario that was known to fail. */
  readonly known?: string | undefined;
  /** Milliseconds. */
  readonly duration: number;
}

/** The {@link Verdict} of a result. */
export function verdictOf({ failure, skipped, known, habits = [] }: ScenarioResult): Verdict {
  if (failure !== undefined) return "failed";
  if (known !== undefined) return "known";
  if (skipped !== undefined) return "skipped";
  return habits.length > 0 ? "non-strict" : "passed";
}

/** A scenario that was not run. */
export function skippedResult(name: string, skipped: string): ScenarioResult {
  return { id: scenarioId(name), name, failure: undefined, skipped, duration: 0 };
}

/**
 * Runs a scenario, and says what came of it.
 *
 * @param run gives the peer's habits
 */
export async function resultOf(
  name: string,
  run: () => Promise<ReadonlySet<Habit>>,
): Promise<ScenarioResult> {
  const start = performance.now();
  const result = (rest: Pick<ScenarioResult, "failure" | "habits">) => {
    return { id: scenarioId(name), name, ...rest, duration: performance.now() - start };
  };
  try {
    const habits = [...(await run())];
    return result(habits.length > 0 ? { failure: undefined, habits } : { failure: undefined });
  } catch (error) {
    return result({ failure: messageOf(error) });
  }
}

function messageOf(error: unknown): string {
  return error instanceof ConformanceError ? error.message : String((error as Error)?.stack);
}
