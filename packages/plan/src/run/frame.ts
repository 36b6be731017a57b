import type { Read, SlotRead } from "../read/tree.ts";
import { Failed } from "../values/failed.ts";
import { Pending } from "./pending.ts";
import type { Run } from "./run.ts";

/** The values of one activation: of a plan, or of an element that runs concurrently. */
export class Frame {
  readonly slots: unknown[];
  readonly outer: Frame | undefined;

  constructor(slots: number, outer: Frame | undefined) {
    this.slots = new Array(slots).fill(undefined);
    this.outer = outer;
  }
}

/**
 * Reads a value: that of a step or variable, a capture or a param. A step may have failed
 * (`Failed`), or be a call whose result isn't there (`Pending`). Reading twice gives the same.
 */
export type ReadValue = (frame: Frame, run: Run) => unknown;

/** Makes the function that reads a value. */
export function compileRead(read: Read): ReadValue {
  switch (read.kind) {
    case "slot":
      return compileSlot(read);
    case "value":
      return () => read.value;
    case "capture":
      return (_frame, run) => run.captures[read.index];
    case "param":
      return (_frame, run) => outcomeOf(run.param(read.path));
  }
}

function compileSlot({ up, index }: SlotRead): ReadValue {
  if (up === 0) return (frame) => outcomeOf(frame.slots[index]);
  if (up === 1) return (frame) => outcomeOf(frame.outer!.slots[index]);
  return (frame) => {
    let holder = frame;
    for (let i = 0; i < up; i++) holder = holder.outer!;
    return outcomeOf(holder.slots[index]);
  };
}

/** The value of a call that has settled. Anything else stays as it is. */
export function outcomeOf(value: unknown): unknown {
  return value instanceof Pending && value.isSettled ? value.outcome : value;
}

/** The first failure among values. */
export function firstFailed(values: readonly unknown[]): Failed | undefined {
  return values.find((each): each is Failed => each instanceof Failed)?.whole;
}
