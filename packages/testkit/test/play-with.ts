import { Player } from "../src/conformance/player.ts";
import type { Side, Transcript } from "../src/index.ts";

/** What a peer says instead of its recorded messages. */
export type Change = (messages: any[]) => unknown[];

/** How a scripted peer is played with. */
export interface PlayOptions {
  readonly change?: Change | undefined;
  readonly isStrict?: boolean;
}

/**
 * Plays `side` with a peer that says what was recorded, but for `change`, and answers probes.
 *
 * @returns what we said, and the habits that the peer showed
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
