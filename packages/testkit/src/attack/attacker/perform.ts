import type { Attack, MessageAttack } from "../attack.ts";
import type { Attacker } from "./attacker.ts";
import type { HostileSession } from "./hostile-session.ts";

/** Milliseconds in which the server may still act on messages that it has taken in. */
const AFTERMATH = 300;
/** The same if no answer shows which messages the server has taken in. */
const UNREAD_AFTERMATH = 1_500;
/** Sessions and batches to open at once. */
const AT_ONCE = 10;

/**
 * Carries out an attack until it is done, the server has ended its connections, or time is over.
 *
 * @returns the finding, if there is one
 */
export async function perform(attack: Attack, attacker: Attacker): Promise<string | undefined> {
  if (attack.over === "sockets") return await attack.run(attacker);
  if (attack.over === "batch") await inBatches(attack, attacker);
  else if (attack.copies === undefined) await inSession(attack, attacker);
  else await inSessions(attack, attack.copies, attacker);
  return undefined;
}

/** Attacks in one session, until the server has taken in everything. */
async function inSession(attack: MessageAttack, attacker: Attacker): Promise<void> {
  const session = await sent(attack, attacker);
  if (session === undefined) return;
  // An answer shows that the server has taken in everything before the question. An attacker that
  // doesn't read can only wait.
  if (attack.reads !== false) await session.ask("0");
  const aftermath = attack.reads === false ? UNREAD_AFTERMATH : AFTERMATH;
  await Promise.race([session.closed, attacker.wait(aftermath)]);
}

/** Attacks in many sessions, some at a time, all of which stay open. */
async function inSessions(attack: MessageAttack, count: number, attacker: Attacker): Promise<void> {
  let started = 0;
  const worker = async () => {
    while (started++ < count && !attacker.signal.aborted) {
      if ((await sent(attack, attacker)) === undefined) return;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  await attacker.wait(AFTERMATH);
}

async function sent(
  attack: MessageAttack,
  attacker: Attacker,
): Promise<HostileSession | undefined> {
  const session = await attacker.openSession({ reads: attack.reads });
  if (session === undefined) return undefined;
  for (const message of attack.messages(attacker.contract)) {
    if (!session.isOpen) break;
    await session.send(message);
  }
  await session.drained();
  return session;
}

async function inBatches(attack: MessageAttack, attacker: Attacker): Promise<void> {
  const { copies = 1, reads } = attack;
  const batches: Promise<unknown>[] = [];
  for (let i = 0; i < copies && !attacker.signal.aborted; i++) {
    batches.push(attacker.post(attack.messages(attacker.contract) as Iterable<string>, { reads }));
    if (i % AT_ONCE === AT_ONCE - 1) await attacker.wait(20);
  }
  await Promise.all(batches);
}
