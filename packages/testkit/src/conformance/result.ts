import type { Feature } from "../transcript/features.ts";
import type { Side, Transcript } from "../transcript/transcript.ts";
import { ConformanceError } from "./errors.ts";
import type { Habit } from "./habits.ts";
import type { ExchangeEntry } from "./inbox.ts";
import { NO_TIME, RunOverError } from "./run-time.ts";
import type { ScenarioPlayer } from "./scenario.ts";

/**
 * The verdict on a scenario:
 *
 * - `"passed"`: as recorded.
 * - `"non-strict"`: legal, but in a habit of the implementation's own; see
 *   {@link ScenarioResult.habits}.
 * - `"informational"`: the protocol demands nothing; see {@link ScenarioResult.informational}.
 * - `"failed"`: not conforming, or listed as a known failure without failing.
 * - `"known"`: failed, as listed.
 * - `"skipped"`: not run.
 */
export type Verdict = "passed" | "non-strict" | "informational" | "failed" | "known" | "skipped";

/** Every {@link Verdict}, in the order of reports. */
export const VERDICTS: readonly Verdict[] = [
  "passed",
  "non-strict",
  "informational",
  "failed",
  "known",
  "skipped",
];

/** The outcome of a scenario. */
export interface ScenarioResult {
  /** The scenario's id, such as `VAL-017`. */
  readonly id: string;
  /** The scenario's name. */
  readonly name: string;
  /** The failure in words; `undefined` if there was none. */
  readonly failure: string | undefined;
  /** The first place where the message at fault differs from the recorded one. */
  readonly difference?: string | undefined;
  /** All messages, up to a failure if there was one. */
  readonly exchange?: readonly ExchangeEntry[] | undefined;
  /** The messages that the peer sent in the recording. */
  readonly recorded?: readonly string[] | undefined;
  /** The features that the scenario needs. */
  readonly features?: readonly Feature[] | undefined;
  /** The section of docs/protocol.md with the rule that the scenario tests, as an anchor. */
  readonly section?: string | undefined;
  /** The reason for not running it, or not to its end; `undefined` if it ran. */
  readonly skipped?: string | undefined;
  /** The peer's legal differences from the recording. */
  readonly habits?: readonly Habit[] | undefined;
  /**
   * The comparison with the recording, in words, and the reason for demanding nothing. Only for
   * informational scenarios.
   */
  readonly informational?: string | undefined;
  /** The failure of a scenario that was known to fail. */
  readonly known?: string | undefined;
  /** The scenario's duration in milliseconds. */
  readonly duration: number;
}

/** The {@link Verdict} of a result. */
export function verdictOf(result: ScenarioResult): Verdict {
  const { failure, skipped, known, informational, habits = [] } = result;
  if (failure !== undefined) return "failed";
  if (known !== undefined) return "known";
  if (skipped !== undefined) return "skipped";
  if (informational !== undefined) return "informational";
  return habits.length > 0 ? "non-strict" : "passed";
}

/** A scenario that was not run. */
export function skippedResult(transcript: Transcript, skipped: string): ScenarioResult {
  return { ...factsOf(transcript), failure: undefined, skipped, duration: 0 };
}

function factsOf({ id, name, features, section }: Transcript) {
  return { id, name, features, section };
}

/**
 * Runs a scenario with a player, and returns the outcome.
 *
 * @param peer the side of the peer under test
 */
export async function resultOf(
  transcript: Transcript,
  peer: Side,
  player: Pick<ScenarioPlayer, "inbox" | "habits">,
  run: () => Promise<void>,
): Promise<ScenarioResult> {
  const start = performance.now();
  let outcome: Outcome = { failure: undefined };
  try {
    await run();
  } catch (error) {
    outcome = outcomeOf(error);
  }
  const habits = [...player.habits];
  const duration = performance.now() - start;
  const { exchange } = player.inbox;
  const recorded = transcript.lines.flatMap(({ from, text }) =>
    from === peer && text !== undefined ? [text] : [],
  );
  const result = { ...factsOf(transcript), ...outcome, exchange, recorded, duration };
  const isHabitual = outcome.failure === undefined && habits.length > 0;
  return isHabitual ? { ...result, habits } : result;
}

/** The result, with a verdict of "informational" if the scenario has a quirk. */
export function withQuirk(
  { failure, ...result }: ScenarioResult,
  { quirk }: Transcript,
): ScenarioResult {
  if (quirk === undefined || result.skipped !== undefined) return { failure, ...result };
  const outcome = failure === undefined ? "as recorded" : `differs: ${failure}`;
  return { ...result, failure: undefined, informational: `${outcome} (${quirk})` };
}

type Outcome = Pick<ScenarioResult, "failure" | "difference" | "skipped">;

function outcomeOf(error: unknown): Outcome {
  if (error instanceof RunOverError) return { failure: undefined, skipped: NO_TIME };
  if (error instanceof ConformanceError) {
    return { failure: error.message, difference: error.difference };
  }
  return { failure: String((error as Error)?.stack) };
}
