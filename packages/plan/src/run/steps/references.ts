import { PathError, RpcPromise } from "@capnweb/core";
import type { CallStep, GetStep } from "../../read/tree.ts";
import { Failed } from "../../values/failed.ts";
import { measure } from "../../values/measure.ts";
import { visit } from "../../values/meter.ts";
import { Unfinished } from "../../values/work.ts";
import type { Account } from "../account.ts";
import type { Exec } from "../block.ts";
import { compileRead } from "../frame.ts";
import { runOf } from "../nested.ts";
import { isStub, propertyOf } from "../paths.ts";
import type { Run } from "../run.ts";
import { Wait } from "../wait.ts";

export function compileGet({ target, path, number, slot }: GetStep): Exec {
  const read = compileRead(target);
  return (frame, run) => {
    const value = read(frame, run);
    if (value instanceof Wait) return value;
    frame.slots[slot] = run.get(value, path, number);
    return undefined;
  };
}

export function compileCall({ target, member, args, number, slot }: CallStep): Exec {
  const readTarget = compileRead(target);
  const reads = args.map(compileRead);
  return (frame, run) => {
    const callee = readTarget(frame, run);
    if (callee instanceof Wait) return callee;
    let failed = callee instanceof Failed ? callee : undefined;
    visit(run.account, reads.length);
    const values: unknown[] = [];
    for (const read of reads) {
      const value = read(frame, run);
      if (value instanceof Wait) return value;
      if (value instanceof Failed) failed ??= value;
      values.push(value);
    }
    if (failed) {
      frame.slots[slot] = failed.whole;
      return undefined;
    }
    try {
      const measured = measureAll(values, run.account);
      if (measured) {
        const make = (): undefined => {
          frame.slots[slot] = makeCall(run, callee, member, values, number);
        };
        const fail = (error: unknown): undefined => {
          frame.slots[slot] = run.failed(error, number);
        };
        return measured.then(make).catch(fail);
      }
      frame.slots[slot] = makeCall(run, callee, member, values, number);
    } catch (error) {
      frame.slots[slot] = run.failed(error, number);
    }
    return undefined;
  };
}

/** Counts the arguments of a call, each of which is copied. Returns a promise for large ones. */
function measureAll(
  args: readonly unknown[],
  account: Account,
  from = 0,
): undefined | Promise<undefined> {
  for (let i = from; i < args.length; i++) {
    const measured = measure(args[i], account);
    if (!(measured instanceof Unfinished)) continue;
    return account.finish(measured).then(() => measureAll(args, account, i + 1));
  }
  return undefined;
}

function makeCall(
  run: Run,
  target: unknown,
  member: string | undefined,
  args: readonly unknown[],
  step: number,
): unknown {
  if (isStub(target)) return callStub(run, target, member, args, step);
  const found = member === undefined ? target : propertyOf(target, member);
  if (isStub(found)) return callStub(run, found, undefined, args, step);
  throw new PathError(`'${member ?? ""}' is not a function.`);
}

function callStub(
  run: Run,
  stub: Parameters<Run["invoke"]>[0],
  member: string | undefined,
  args: readonly unknown[],
  step: number,
): unknown {
  const nested = runOf(stub, member);
  if (nested) return run.call(step, () => new RpcPromise(nested(run, args)));
  return run.call(step, () => run.invoke(stub, member, args));
}
