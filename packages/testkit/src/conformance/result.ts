import { scenarioId } from "../transcript/id.ts";
import type { Feature, Transcript } from "../transcript/transcript.ts";
import { ConformanceError } from "./errors.ts";
import type { Habit } from "./habits.ts";
import type { ExchangeEntry } from "./inbox.ts";
import type { Player } from "./player.ts";

/**
 * The verdict on a scenario:
 *
 * - `"passed"`: as recorded.
 * - `"non-strict"`: legal, but in a habit of the implementation's own; see
 *   {@link ScenarioResult.habits}.
 * - `"failed"`: not conforming, or listed as a known failure without failing.
 * - `"known"`: failed, as listed.
 * - `"skipped"`: not run.
 */
export type Verdict = "passed" | "non-strict" | "failed" | "known" | "skipped";

/** The outcome of a scenario. */
export interface ScenarioResult {
  /** The scenario's id; see `scenarioId`. */
  readonly id: string;
  /** The scenario's name. */
  readonly name: string;
  /** The failure in words; `undefined` if there was none. */
  readonly failure: string | undefined;
  /** The first place where the message at fault differs from the recorded one. */
  readonly difference?: string | undefined;
  /** All messages up to the failure. */
  readonly exchange?: readonly ExchangeEntry[] | undefined;
  /** The features that the scenario needs. */
  readonly features?: readonly Feature[] | undefined;
  /** The reason for not running it; `undefined` if it ran. */
  readonly skipped?: string | undefined;
  /** The peer's legal differences from the recording. */
  readonly habits?: readonly Habit[] | undefined;
  /** The failure of a scenario that was known to fail. */
  readonly known?: string | undefined;
  /** The scenario's duration in milliseconds. */
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
export function skippedResult({ name, features }: Transcript, skipped: string): ScenarioResult {
  return { id: scenarioId(name), name, features, failure: undefined, skipped, duration: 0 };
}

/** Runs a scenario with a player, and returns the outcome. */
export async function resultOf(
  { name, features }: Transcript,
  player: Player,
  run: () => Promise<void>,
): Promise<ScenarioResult> {
  const start = performance.now();
  let outcome: Pick<ScenarioResult, "failure" | "difference" | "exchange"> = { failure: undefined };
  try {
    await run();
  } catch (error) {
    const { exchange } = player.inbox;
    outcome = { failure: messageOf(error), difference: differenceIn(error), exchange };
  }
  const habits = [...player.habits];
  const duration = performance.now() - start;
  const result = { id: scenarioId(name), name, features, ...outcome, duration };
  return outcome.failure === undefined && habits.length > 0 ? { ...result, habits } : result;
}

function messageOf(error: unknown): string {
  return error instanceof ConformanceError ? error.message : String((error as Error)?.stack);
}

function differenceIn(error: unknown): string | undefined {
  return error instanceof ConformanceError ? error.difference : undefined;
}
