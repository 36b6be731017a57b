import type { Attack, MessageAttack } from "../attack.ts";
import type { Attacker } from "./attacker.ts";

/** Milliseconds in which the server may still act on messages that it has already taken in. */
const AFTERMATH = 400;

/**
 * Carries out an attack: until it is done, the server has ended its connections, or time is over.
 *
 * @returns the finding, if there is one
 */
export async function perform(attack: Attack, attacker: Attacker): Promise<string | undefined> {
  if (attack.over === "sockets") return await attack.run(attacker);
  const copies = Array.from({ length: attack.copies ?? 1 }, () =>
    attack.over === "session" ? inSession(attack, attacker) : inBatch(attack, attacker),
  );
  await Promise.all(copies);
  return undefined;
}

async function inSession(attack: MessageAttack, attacker: Attacker): Promise<void> {
  const { reads = true } = attack;
  const session = await attacker.openSession({ reads });
  if (session === undefined) return;
  for (const message of attack.messages(attacker.contract)) {
    if (!session.isOpen) break;
    await session.send(message);
  }
  // An answer tells that the server has taken in everything before the question. Without reading,
  // the attacker can only wait; so it does with many sessions, which are there to stay.
  if (reads && attack.copies === undefined) {
    await session.ask("0");
    await Promise.race([session.closed, attacker.wait(AFTERMATH)]);
  } else {
    await Promise.race([session.closed, attacker.wait(Number.MAX_SAFE_INTEGER % 2 ** 31)]);
  }
}

async function inBatch(attack: MessageAttack, attacker: Attacker): Promise<void> {
  const messages = attack.messages(attacker.contract) as Iterable<string>;
  await attacker.post(messages, { reads: attack.reads });
}
