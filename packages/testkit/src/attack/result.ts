import type { Attack } from "./attack.ts";
import { kindOf } from "./attack.ts";
import type { Figures } from "./attacker/figures.ts";
import type { Memory } from "./server/memory.ts";
import type { VictimFigures } from "./victim/program.ts";

/**
 * The verdict on a server. `not applicable`: the server lacks a part that the attack goes through.
 * `not run`: the attack couldn't be made; the reasons say why.
 */
export type Verdict = "held" | "hurt" | "not applicable" | "not run";

/** A verdict with its reasons and figures. */
export interface AttackResult {
  /** The attack's id, such as `ATK-A01`. */
  readonly id: string;
  /** The letter of the attack's kind. */
  readonly kind: string;
  /** The attack in a sentence. */
  readonly title: string;
  /** True if the server held. */
  readonly verdict: Verdict;
  /** The reasons for the verdict; empty if the server held. */
  readonly reasons: readonly string[];
  /** The attack's duration in milliseconds, without preparations. */
  readonly duration: number;
  /** The victim's figures; `undefined` if the attack wasn't made. */
  readonly victim?: VictimFigures | undefined;
  /** True if a new client got an answer afterwards. */
  readonly answers?: boolean | undefined;
  /** The attacker's figures; `undefined` if the attack wasn't made. */
  readonly attacker?: Figures | undefined;
  /** The server's memory before and after, if it is known. */
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
