import { setMaxListeners } from "node:events";
import { setPriority } from "node:os";
import { kindOf } from "../attack.ts";
import { ATTACKS } from "../attacks/index.ts";
import { answerParent } from "../parent.ts";
import type { Target } from "../target.ts";
import { Attacker } from "./attacker.ts";
import type { Figures } from "./figures.ts";
import { perform } from "./perform.ts";

/** A request to the attacker. */
export interface AttackOrder {
  readonly id: string;
  readonly target: Target;
  readonly milliseconds: number;
}

/** The outcome of an attack. */
export interface AttackOutcome {
  readonly finding: string | undefined;
  readonly failure: string | undefined;
  readonly figures: Figures;
}

// Yields to the victim and the server on few processors: the attacker's own load isn't measured.
setPriority(5);
answerParent<AttackOrder, AttackOutcome>((order, answer) => {
  carryOut(order).then(answer);
});

async function carryOut({ id, target, milliseconds }: AttackOrder): Promise<AttackOutcome> {
  const over = new AbortController();
  // Each connection listens to the signal.
  setMaxListeners(0, over.signal);
  const timer = setTimeout(() => over.abort(), milliseconds);
  const attacker = new Attacker(target, over.signal);
  const timeOver = new Promise<undefined>((resolve) => {
    over.signal.addEventListener("abort", () => resolve(undefined));
  });
  let finding: string | undefined;
  let failure: string | undefined;
  try {
    const attack = ATTACKS.find((each) => each.id === id)!;
    finding = await Promise.race([perform(attack, attacker), timeOver]);
    // Only attacks of kind H hold when refused. Others would hold without having attacked.
    if (attacker.figures.opened === 0 && kindOf(attack) !== "H") {
      failure = "the server refused every connection of the attacker's";
    }
  } catch (error) {
    // An error is expected once time is over, which may happen anywhere.
    if (!over.signal.aborted) failure = String((error as Error)?.stack ?? error);
  }
  clearTimeout(timer);
  over.abort();
  return { finding, failure, figures: attacker.figures };
}
