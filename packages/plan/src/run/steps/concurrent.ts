import type { ConcurrentStep, Step } from "../../read/tree.ts";
import { Failed, FailedParts, partsOf } from "../../values/failed.ts";
import { visit } from "../../values/meter.ts";
import { CONTAINER_BYTES, ELEMENT_BYTES, MEMBER_BYTES, SLOT_BYTES } from "../../values/sizes.ts";
import { type Block, type Exec, runBlock } from "../block.ts";
import { compileRead, Frame, firstFailed, outcomeOf, type ReadValue } from "../frame.ts";
import type { Run } from "../run.ts";
import { Wait } from "../wait.ts";
import { conditionOf } from "./conditions.ts";
import { listOf } from "./lists.ts";

/** `map` and `filter`: all elements begin in order, and none waits for another. */
export function compileConcurrent(
  step: ConcurrentStep,
  compileBlock: (steps: readonly Step[]) => Block,
): Exec {
  const { kind, number, slot } = step;
  const over = compileRead(step.over);
  const each = new Elements(step, compileBlock(step.steps), compileRead(step.value));
  return (frame, run) => {
    const whole = over(frame, run);
    if (whole instanceof Wait) return whole;
    // A filter needs the elements themselves. A map only hands them on.
    const value = kind === "map" ? partsOf(whole) : whole;
    // A map of something that isn't a list is applied to that, as `map()` of stubs is.
    const isSingle = kind === "map" && !Array.isArray(value) && !(value instanceof Failed);
    if (isSingle && value == null) {
      frame.slots[slot] = value;
      return undefined;
    }
    const list = isSingle ? [value] : listOf(value, run, number);
    if (list instanceof Failed) {
      frame.slots[slot] = list;
      return undefined;
    }
    run.account.make(CONTAINER_BYTES + MEMBER_BYTES * list.length);
    visit(run.account, list.length);
    const take = (results: readonly unknown[]): undefined => {
      const failed = firstFailed(results);
      if (isSingle) frame.slots[slot] = results[0];
      else if (kind === "filter") frame.slots[slot] = failed ?? kept(list, results, number);
      else frame.slots[slot] = failed ? new FailedParts(failed, results) : results;
    };
    const results = each.start(list, frame, run);
    return results instanceof Promise ? results.then(take) : take(results);
  };
}

/** The elements whose conditions are true. */
function kept(
  list: readonly unknown[],
  results: readonly unknown[],
  step: number,
): readonly unknown[] | Failed {
  const conditions = results.map((each) => conditionOf(each, step));
  return firstFailed(conditions) ?? list.filter((_, i) => conditions[i] === true);
}

class Elements {
  readonly #slots: number;
  readonly #item: number;
  readonly #index: number | undefined;
  readonly #block: Block;
  readonly #value: ReadValue;

  constructor({ slots, item, index }: ConcurrentStep, block: Block, value: ReadValue) {
    this.#slots = slots;
    this.#item = item.slot;
    this.#index = index?.slot;
    this.#block = block;
    this.#value = value;
  }

  /** Begins all elements. Returns a promise if one had to wait. */
  start(list: readonly unknown[], outer: Frame, run: Run): unknown[] | Promise<unknown[]> {
    const results: unknown[] = [];
    let isWaiting = false;
    try {
      for (let i = 0; i < list.length; i++) {
        run.account.spend(1);
        const value = this.#run(list[i], i, outer, run);
        if (value instanceof Promise || value instanceof Wait) isWaiting = true;
        results.push(value);
      }
    } catch (error) {
      // The run was stopped, which fails the elements that have begun.
      Promise.allSettled(results);
      throw error;
    }
    return isWaiting ? allOf(results, run) : results;
  }

  /** The value of an element, a call under way that gives it, or the promise of either. */
  #run(element: unknown, index: number, outer: Frame, run: Run): unknown {
    visit(run.account, this.#slots);
    run.account.hold(ELEMENT_BYTES + SLOT_BYTES * this.#slots);
    const frame = new Frame(this.#slots, outer);
    frame.slots[this.#item] = element;
    if (this.#index !== undefined) frame.slots[this.#index] = index;
    const ended = runBlock(this.#block, frame, run);
    return ended instanceof Promise
      ? ended.then(() => this.#value(frame, run))
      : this.#value(frame, run);
  }
}

/** Waits for all values. They are looked at in turn, because a promise for each costs more. */
async function allOf(results: unknown[], run: Run): Promise<unknown[]> {
  try {
    for (let i = 0; i < results.length; i++) {
      let value = results[i];
      if (value instanceof Promise) value = await value;
      while (value instanceof Wait) {
        await value.done;
        value = outcomeOf(value);
      }
      results[i] = value;
    }
  } catch (error) {
    Promise.allSettled(results);
    throw error;
  }
  run.account.check();
  return results;
}
