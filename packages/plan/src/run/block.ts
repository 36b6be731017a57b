import type { Failed } from "../values/failed.ts";
import type { Frame } from "./frame.ts";
import type { Run } from "./run.ts";
import { Wait } from "./wait.ts";

/** Ends the innermost loop, or its iteration. */
export const BREAK: unique symbol = Symbol("break");
export const CONTINUE: unique symbol = Symbol("continue");

/** The early end of a block. A failure is that of a jump's condition, and fails the loop. */
export type Jump = typeof BREAK | typeof CONTINUE | Failed;

/** The end of steps that may have had to wait. */
export type Ended = Jump | undefined | Promise<Jump | undefined>;

/**
 * Runs one step. If it returns a `Wait`, it has done nothing yet, and is run again after that.
 */
export type Exec = (frame: Frame, run: Run) => Ended | Wait;

/** The steps of a block. */
export type Block = readonly Exec[];

/** Runs the steps of a block in order. Waits only if a step has to. */
export function runBlock(block: Block, frame: Frame, run: Run): Ended {
  const { account } = run;
  for (let i = 0; i < block.length; i++) {
    const ended = account.begin() ?? block[i]!(frame, run);
    if (ended === undefined) continue;
    if (ended instanceof Wait || ended instanceof Promise)
      return resume(block, i, ended, frame, run);
    return ended;
  }
  return undefined;
}

async function resume(
  block: Block,
  start: number,
  first: Wait | Promise<Jump | undefined>,
  frame: Frame,
  run: Run,
): Promise<Jump | undefined> {
  const { account } = run;
  let ended: Ended | Wait = first;
  for (let i = start; ; ) {
    while (ended instanceof Wait) {
      await ended.done;
      ended = account.goOn() ?? block[i]!(frame, run);
    }
    if (ended instanceof Promise) ended = await ended;
    if (ended !== undefined) return ended;
    if (++i === block.length) return undefined;
    ended = account.begin() ?? block[i]!(frame, run);
  }
}

/** Does the rest once a block has ended. */
export function afterBlock(ended: Ended, rest: (jump: Jump | undefined) => Ended): Ended {
  return ended instanceof Promise ? ended.then(rest) : rest(ended);
}

/** Ends a loop of {@link inOrder}. */
export const STOP: unique symbol = Symbol("stop");

type Turn = typeof STOP | undefined | Promise<typeof STOP | undefined>;

/**
 * Does `turn` for 0, 1, … until it stops.
 *
 * @returns a promise if a turn had to wait
 */
export function inOrder(
  account: Run["account"],
  turn: (i: number) => Turn,
): undefined | Promise<undefined> {
  for (let i = 0; ; i++) {
    const rest = account.begin();
    if (rest)
      return restInOrder(
        account,
        turn,
        i,
        rest.done.then(() => turn(i)),
      );
    const ended = turn(i);
    if (ended === STOP) return undefined;
    if (ended) return restInOrder(account, turn, i, ended);
  }
}

async function restInOrder(
  account: Run["account"],
  turn: (i: number) => Turn,
  start: number,
  first: Turn,
): Promise<undefined> {
  let ended = await first;
  for (let i = start + 1; ended !== STOP; i++) {
    const rest = account.begin();
    if (rest) await rest.done;
    const next = turn(i);
    ended = next instanceof Promise ? await next : next;
  }
  return undefined;
}
