import type { AttackOutcome } from "./attacker/program.ts";
import type { Settings } from "./options.ts";
import type { Verdict } from "./result.ts";
import { growth, type Memory } from "./server/memory.ts";
import type { VictimFigures } from "./victim/program.ts";

/** All observations of an attack. */
export interface Observation {
  /** The attack's outcome; `undefined` if the attacker's own process ended or got stuck. */
  readonly outcome: AttackOutcome | undefined;
  /** The victim's figures; `undefined` if the victim's process has ended. */
  readonly victim: VictimFigures | undefined;
  /** True if a new client got an answer afterwards. */
  readonly isAnswered: boolean;
  /** The signal or exit code of the server's process, if it ended. */
  readonly ending: string | undefined;
  readonly before: Memory;
  readonly after: Memory;
}

/** A verdict and its reasons. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly reasons: readonly string[];
  /**
   * True if other processes of the machine can be the cause, because slowness is the only symptom.
   */
  readonly isDoubtful: boolean;
}

/** Judges whether the server held, and if not, why. */
export function judge(
  { outcome, victim, isAnswered, ending, before, after }: Observation,
  { slowest, kept }: Pick<Settings, "slowest" | "kept">,
): Judgement {
  const reasons: string[] = [];
  if (ending !== undefined) reasons.push(`the server's process ended (${ending})`);
  else if (!isAnswered) reasons.push("the server doesn't answer any more");
  if (outcome?.finding !== undefined) reasons.push(outcome.finding);
  // The end of the server explains all other symptoms.
  const seen = ending === undefined ? victim : undefined;
  const [failure] = seen?.failures ?? [];
  if (failure !== undefined) reasons.push(`the victim was lost: ${failure}`);
  const growing = isAnswered ? growth(before, after) : undefined;
  if (growing !== undefined && growing > kept) {
    reasons.push(`${Math.round(growing / 1e6)} MB aren't given back`);
  }
  const isSlow = seen !== undefined && seen.slowest > slowest;
  const isDoubtful = isSlow && reasons.length === 0;
  if (isSlow) reasons.push(`a call of the victim's took ${Math.round(seen.slowest)} ms`);
  if (reasons.length > 0) return { verdict: "hurt", reasons, isDoubtful };
  const obstacle = obstacleOf(outcome, victim);
  return obstacle === undefined
    ? { verdict: "held", reasons, isDoubtful: false }
    : { verdict: "not run", reasons: [obstacle], isDoubtful: true };
}

/** The reason that nothing can be said about the server, if there is one. */
function obstacleOf(
  outcome: AttackOutcome | undefined,
  victim: VictimFigures | undefined,
): string | undefined {
  if (outcome === undefined) return "the attacker's process ended or got stuck";
  if (victim === undefined) return "the victim's process ended";
  return outcome.failure;
}
