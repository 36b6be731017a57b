import type { Attack } from "./attack.ts";
import { kindOf } from "./attack.ts";
import type { Figures } from "./attacker/figures.ts";
import type { Memory } from "./server/memory.ts";
import type { VictimFigures } from "./victim/program.ts";

/**
 * The verdict on a server. `not applicable`: the server lacks a part that it goes through.
 * `not run`: the attack couldn't be made, for which there is a reason.
 */
export type Verdict = "held" | "hurt" | "not applicable" | "not run";

/** A verdict with its reasons and figures. */
export interface AttackResult {
  readonly id: string;
  readonly kind: string;
  readonly title: string;
  readonly verdict: Verdict;
  /** Why it is that verdict, unless the server held. */
  readonly reasons: readonly string[];
  /** Milliseconds that the attack took, without preparations. */
  readonly duration: number;
  readonly victim?: VictimFigures | undefined;
  /** Whether a newcomer got an answer afterwards. */
  readonly answers?: boolean | undefined;
  readonly attacker?: Figures | undefined;
  readonly memory?: { readonly before: Memory; readonly after: Memory } | undefined;
}

/** The result of an attack that wasn't made. */
export function notMade(
  attack: Attack,
  verdict: "not applicable" | "not run",
  reason: string,
): AttackResult {
  const { id, title } = attack;
  return { id, kind: kindOf(attack), title, verdict, reasons: [reason], duration: 0 };
}
