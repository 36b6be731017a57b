import type { AttackOutcome } from "./attacker/program.ts";
import type { Settings } from "./options.ts";
import type { Verdict } from "./result.ts";
import { growth, type Memory } from "./server/memory.ts";
import type { VictimFigures } from "./victim/program.ts";

/** Everything that was seen of an attack. */
export interface Observation {
  /** `undefined` if the attacker's own process ended or got stuck. */
  readonly outcome: AttackOutcome | undefined;
  /** `undefined` if the victim's process is gone. */
  readonly victim: VictimFigures | undefined;
  /** Whether a newcomer was answered afterwards. */
  readonly isAnswered: boolean;
  /** How the server's process ended, if that is known. */
  readonly ending: string | undefined;
  readonly before: Memory;
  readonly after: Memory;
}

/** Says whether the server held, and if not, why. */
export function judge(
  { outcome, victim, isAnswered, ending, before, after }: Observation,
  { slowest, kept }: Pick<Settings, "slowest" | "kept">,
): { verdict: Verdict; reasons: string[] } {
  const reasons: string[] = [];
  if (ending !== undefined) reasons.push(`the server's process ended (${ending})`);
  else if (!isAnswered) reasons.push("the server doesn't answer any more");
  if (outcome?.finding !== undefined) reasons.push(outcome.finding);
  if (victim !== undefined && ending === undefined) {
    const [failure] = victim.failures;
    if (failure !== undefined) reasons.push(`the victim was lost: ${failure}`);
    if (victim.slowest > slowest) {
      reasons.push(`a call of the victim's took ${Math.round(victim.slowest)} ms`);
    }
  }
  const growing = growth(before, after);
  if (isAnswered && growing !== undefined && growing > kept) {
    reasons.push(`${Math.round(growing / 1e6)} MB aren't given back`);
  }
  if (reasons.length > 0) return { verdict: "hurt", reasons };
  const failure =
    outcome === undefined ? "the attacker's process ended or got stuck" : outcome.failure;
  if (failure !== undefined) return { verdict: "not run", reasons: [failure] };
  if (victim === undefined) return { verdict: "not run", reasons: ["the victim's process ended"] };
  return { verdict: "held", reasons };
}
