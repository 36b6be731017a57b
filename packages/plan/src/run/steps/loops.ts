import type { LoopStep, ReduceStep, SearchStep, Step, WhileStep } from "../../read/tree.ts";
import { Failed } from "../../values/failed.ts";
import { CONTAINER_BYTES, MEMBER_BYTES } from "../../values/sizes.ts";
import {
  afterBlock,
  type Block,
  BREAK,
  type Ended,
  type Exec,
  inOrder,
  type Jump,
  runBlock,
  STOP,
} from "../block.ts";
import { compileRead, type Frame, firstFailed, outcomeOf, type ReadValue } from "../frame.ts";
import type { Run } from "../run.ts";
import { Wait } from "../wait.ts";
import { whenThere } from "./branches.ts";
import { conditionOf } from "./conditions.ts";
import { listOf } from "./lists.ts";

type CompileBlock = (steps: readonly Step[]) => Block;

type Turn = typeof STOP | undefined | Promise<typeof STOP | undefined>;

/** The result of a step that goes through a list, as far as it is known. */
interface Progress {
  result: unknown;
}

/** The parts of a step that goes through a list in order. */
interface InOrder {
  readonly over: ReadValue;
  readonly item: number;
  readonly index: number | undefined;
  readonly body: Block;
  readonly value: ReadValue;
  readonly number: number;
  readonly slot: number;
}

function partsOf(step: LoopStep | ReduceStep | SearchStep, compileBlock: CompileBlock): InOrder {
  return {
    over: compileRead(step.over),
    item: step.item.slot,
    index: step.index?.slot,
    body: compileBlock(step.steps),
    value: compileRead(step.value),
    number: step.number,
    slot: step.slot,
  };
}

/**
 * Makes a step that goes through a list.
 *
 * @param begin makes the functions of one run of the step
 */
function compileInOrder(
  parts: InOrder,
  begin: (
    frame: Frame,
    run: Run,
    progress: Progress,
  ) => { turn(jump: Jump | undefined, element: unknown): Turn; end(): Ended },
): Exec {
  const { over, item, index, body, number, slot } = parts;
  return (frame, run) => {
    const value = over(frame, run);
    if (value instanceof Wait) return value;
    const list = listOf(value, run, number);
    if (list instanceof Failed) {
      frame.slots[slot] = list;
      return undefined;
    }
    const progress: Progress = { result: undefined };
    const { turn, end } = begin(frame, run, progress);
    const ended = inOrder(run.account, (i) => {
      if (i >= list.length) return STOP;
      frame.slots[item] = list[i];
      if (index !== undefined) frame.slots[index] = i;
      const done = runBlock(body, frame, run);
      return done instanceof Promise
        ? done.then((jump) => turn(jump, list[i]))
        : turn(done, list[i]);
    });
    return ended instanceof Promise ? ended.then(end) : end();
  };
}

/** `find`, `exists` and `all`: the first element that decides ends the search. */
export function compileSearch(step: SearchStep, compileBlock: CompileBlock): Exec {
  const { kind, number, slot } = step;
  const parts = partsOf(step, compileBlock);
  const decisive = kind !== "all";
  const atEnd = { find: undefined, exists: false, all: true }[kind];
  return compileInOrder(parts, (frame, run, progress) => {
    progress.result = atEnd;
    const turn = (_jump: Jump | undefined, element: unknown): Turn =>
      whenThere(parts.value, frame, run, (value): typeof STOP | undefined => {
        const condition = conditionOf(value, number);
        if (condition instanceof Failed) progress.result = condition;
        else if (condition !== decisive) return undefined;
        else progress.result = kind === "find" ? element : decisive;
        return STOP;
      });
    const end = (): undefined => {
      frame.slots[slot] = progress.result;
    };
    return { turn, end };
  });
}

export function compileReduce(step: ReduceStep, compileBlock: CompileBlock): Exec {
  const parts = partsOf(step, compileBlock);
  const init = compileRead(step.init);
  const acc = step.acc.slot;
  return compileInOrder(parts, (frame, run) => {
    frame.slots[acc] = init(frame, run);
    const turn = (): Turn => {
      frame.slots[acc] = parts.value(frame, run);
      return undefined;
    };
    const end = (): undefined => {
      frame.slots[parts.slot] = frame.slots[acc];
    };
    return { turn, end };
  });
}

/** The values of a loop's iterations, some of which may still be those of calls under way. */
class Collected {
  readonly #values: unknown[] = [];
  readonly #run: Run;

  constructor(run: Run) {
    this.#run = run;
    run.account.make(CONTAINER_BYTES);
  }

  /** @returns whether the loop goes on */
  add(jump: Jump | undefined, value: ReadValue, frame: Frame): typeof STOP | undefined {
    if (jump instanceof Failed) this.#values.push(jump);
    else if (jump === undefined) {
      this.#run.account.make(MEMBER_BYTES);
      this.#values.push(value(frame, this.#run));
    }
    return jump === BREAK || jump instanceof Failed ? STOP : undefined;
  }

  /** Stores the list, once all of it is there. */
  async storeLater(frame: Frame, slot: number): Promise<undefined> {
    for (const each of this.#values) if (each instanceof Wait) await each.done;
    this.#run.account.check();
    this.store(frame, slot);
  }

  /** Stores the list. Returns a promise if a call is under way. */
  store(frame: Frame, slot: number): undefined | Promise<undefined> {
    const values = this.#values.map(outcomeOf);
    if (values.some((each) => each instanceof Wait)) return this.storeLater(frame, slot);
    frame.slots[slot] = firstFailed(values) ?? values;
    return undefined;
  }
}

export function compileLoop(step: LoopStep, compileBlock: CompileBlock): Exec {
  const parts = partsOf(step, compileBlock);
  return compileInOrder(parts, (frame, run) => {
    const collected = new Collected(run);
    return {
      turn: (jump) => collected.add(jump, parts.value, frame),
      end: () => collected.store(frame, parts.slot),
    };
  });
}

export function compileWhile(step: WhileStep, compileBlock: CompileBlock): Exec {
  const { max, number, slot } = step;
  const test = compileBlock(step.test);
  const cond = compileRead(step.cond);
  const body = compileBlock(step.steps);
  const value = compileRead(step.value);
  return (frame, run) => {
    const collected = new Collected(run);
    let failed: Failed | undefined;
    const stop = (failure: Failed): typeof STOP => {
      failed = failure;
      return STOP;
    };
    const iterate = (i: number): Turn => {
      if (i >= max) {
        const message = `The condition of step ${number} is still true after ${max} iterations.`;
        return stop(run.refuse("PLAN_LOOP", message, number));
      }
      if (i >= run.account.limits.maxIterations) run.account.exceed("maxIterations");
      const ended = runBlock(body, frame, run);
      const collect = (jump: Jump | undefined) => collected.add(jump, value, frame);
      return ended instanceof Promise ? ended.then(collect) : collect(ended);
    };
    const decide = (i: number): Turn =>
      whenThere(cond, frame, run, (found): Turn => {
        const condition = conditionOf(found, number);
        if (condition instanceof Failed) return stop(condition);
        return condition ? iterate(i) : STOP;
      }) as Turn;
    const ended = inOrder(run.account, (i) => {
      const tested = runBlock(test, frame, run);
      return tested instanceof Promise ? tested.then(() => decide(i)) : decide(i);
    });
    const finish = (): Ended => {
      if (!failed) return collected.store(frame, slot);
      frame.slots[slot] = failed;
      return undefined;
    };
    return ended instanceof Promise ? ended.then(finish) : afterBlock(undefined, finish);
  };
}
