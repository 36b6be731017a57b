import { Player } from "../src/conformance/player.ts";
import type { Side, Transcript } from "../src/index.ts";

/** Changes the messages that a peer sends. */
export type Change = (messages: any[]) => unknown[];

/** Options of a scripted peer. */
export interface PlayOptions {
  readonly change?: Change | undefined;
  readonly isStrict?: boolean;
}

/**
 * Plays `side` with a peer that sends the recorded messages, changed by `change`, and answers
 * probes.
 *
 * @returns our messages, and the habits that the peer showed
 */
export async function playWith(
  side: Side,
  { lines, ...rest }: Transcript,
  { change = (messages) => messages, isStrict = false }: PlayOptions = {},
): Promise<{ said: string[]; habits: string[] }> {
  const player = new Player({ lines, ...rest }, side, { timeout: 20, isStrict });
  const { inbox } = player;
  const theirs = lines.filter(({ from, text }) => from !== side && text !== undefined);
  for (const message of change(theirs.map(({ text }) => JSON.parse(text!)))) {
    inbox.message(typeof message === "string" ? message : JSON.stringify(message));
  }
  if (lines.some(({ from, text }) => from !== side && text === undefined)) inbox.closed("1000");
  const said: string[] = [];
  await player.play({
    send(text) {
      said.push(text);
      const asked = /^\["pull",(\d+)\]$/.exec(text);
      if (asked === null || !said.at(-2)?.endsWith('["add"],[20,22]]]')) return;
      inbox.message(`["resolve",${asked[1]},42]`);
    },
    close() {},
  });
  return { said, habits: [...player.habits] };
}
