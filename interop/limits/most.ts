import { longestTurn, memory, Victim } from "./victim.ts";

/** A message whose size the measurement chooses, and the messages that must come before it. */
export interface Attack {
  readonly before?: readonly string[];
  message(size: number): string;
}

/** The effect of a message. */
export interface Effect {
  readonly size: number;
  /** The message's length in UTF-16 code units. */
  readonly length: number;
  /** Milliseconds for which the event loop was blocked. */
  readonly ms: number;
  /** Bytes of memory that stay in use while the result is held. */
  readonly bytes: number;
}

/** The longest message that a server takes, in UTF-16 code units. */
const LONGEST = 4 * 1024 * 1024;

async function told(attack: Attack, size: number): Promise<Victim> {
  const victim = new Victim();
  for (const text of attack.before ?? []) await victim.say(text);
  if (victim.reason) throw victim.reason;
  await victim.say(attack.message(size));
  return victim;
}

async function isTaken(attack: Attack, size: number): Promise<boolean> {
  if (attack.message(size).length > LONGEST) return false;
  const victim = await told(attack, size);
  victim.end();
  return victim.reason === undefined || victim.reason === victim.ended;
}

/** The largest size of an attack that a server with default limits takes, within 2 %. */
async function mostOf(attack: Attack): Promise<number> {
  let taken = 1;
  while (await isTaken(attack, taken * 4)) taken *= 4;
  let refused = taken * 4;
  while (refused - taken > taken / 50) {
    const size = Math.ceil((taken + refused) / 2);
    if (size >= refused) break;
    if (await isTaken(attack, size)) taken = size;
    else refused = size;
  }
  return taken;
}

/** Measures the largest message of a kind that a server takes. Gives the shortest of five runs. */
export async function effectOf(attack: Attack): Promise<Effect> {
  const size = await mostOf(attack);
  const text = attack.message(size);
  let ms = Number.POSITIVE_INFINITY;
  let bytes = 0;
  for (let i = 0; i < 5; i++) {
    const victim = new Victim();
    for (const each of attack.before ?? []) await victim.say(each);
    const before = memory();
    ms = Math.min(ms, await longestTurn(() => victim.say(text)));
    bytes = memory() - before;
    victim.end();
  }
  return { size, length: text.length, ms, bytes };
}
