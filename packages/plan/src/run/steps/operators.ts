import { PlanError } from "../../errors.ts";
import { type Apply, OperatorFailure } from "../../operators/operator.ts";
import { APPLY, TAKES_FAILURES } from "../../operators/table.ts";
import type { OperatorStep } from "../../read/tree.ts";
import { Failed } from "../../values/failed.ts";
import { FAILURE_BYTES } from "../../values/sizes.ts";
import { isUnfinished, type Unfinished } from "../../values/work.ts";
import type { Exec } from "../block.ts";
import { compileRead, type Frame, firstFailed, type ReadValue } from "../frame.ts";
import type { Run } from "../run.ts";
import { Wait } from "../wait.ts";

export function compileOperator({ name, args, number, slot }: OperatorStep): Exec {
  const apply = APPLY[name];
  const takesFailures = TAKES_FAILURES.has(name);
  const reads = args.map(compileRead);
  const results = new Results(name, number, slot);
  if (!takesFailures && reads.length === 2) {
    return compileBinary(apply, reads[0]!, reads[1]!, slot, results);
  }
  return compileAny(apply, takesFailures, reads, slot, results);
}

/** Keeps the results of an operator in their slot. */
class Results {
  readonly #name: string;
  readonly #number: number;
  readonly #slot: number;

  constructor(name: string, number: number, slot: number) {
    this.#name = name;
    this.#number = number;
    this.#slot = slot;
  }

  /** Keeps the result of work that takes long, once it is there. */
  async finish(frame: Frame, run: Run, rest: Unfinished<unknown>): Promise<undefined> {
    try {
      frame.slots[this.#slot] = await run.account.finish(rest);
    } catch (error) {
      this.fail(frame, run, error);
    }
  }

  fail(frame: Frame, run: Run, error: unknown): void {
    frame.slots[this.#slot] = this.#failure(run, error);
  }

  #failure(run: Run, error: unknown): Failed {
    if (!(error instanceof OperatorFailure)) return run.failed(error, this.#number);
    run.account.hold(FAILURE_BYTES);
    return new Failed(operatorError(this.#name, error, this.#number), this.#number, true);
  }
}

function operatorError(name: string, failure: OperatorFailure, step: number): PlanError {
  const { code, message } = failure;
  // The text of `fail` is the plan's own.
  const text = code === "PLAN_FAILED" ? message : `Step ${step}: ${name} ${message}`;
  return new PlanError(code, text, { step, operator: name });
}

/** Most operators have two arguments, which need no list. */
function compileBinary(
  apply: Apply,
  readA: ReadValue,
  readB: ReadValue,
  slot: number,
  results: Results,
): Exec {
  return (frame, run) => {
    const a = readA(frame, run);
    if (a instanceof Wait) return a;
    const b = readB(frame, run);
    if (b instanceof Wait) return b;
    if (a instanceof Failed) frame.slots[slot] = a.whole;
    else if (b instanceof Failed) frame.slots[slot] = b.whole;
    else {
      try {
        const result = apply(run.account, a, b);
        if (isUnfinished(result)) return results.finish(frame, run, result);
        frame.slots[slot] = result;
      } catch (error) {
        results.fail(frame, run, error);
      }
    }
    return undefined;
  };
}

function compileAny(
  apply: Apply,
  takesFailures: boolean,
  reads: readonly ReadValue[],
  slot: number,
  results: Results,
): Exec {
  return (frame, run) => {
    const args: unknown[] = [];
    for (const read of reads) {
      const value = read(frame, run);
      if (value instanceof Wait) return value;
      args.push(value);
    }
    const failed = takesFailures ? undefined : firstFailed(args);
    try {
      const result = failed ?? apply(run.account, ...args);
      if (isUnfinished(result)) return results.finish(frame, run, result);
      frame.slots[slot] = result;
    } catch (error) {
      results.fail(frame, run, error);
    }
    return undefined;
  };
}
