import type { AssignStep, JumpStep } from "../../read/tree.ts";
import { Failed } from "../../values/failed.ts";
import { BREAK, CONTINUE, type Exec } from "../block.ts";
import { compileRead } from "../frame.ts";
import { Wait } from "../wait.ts";
import { conditionOf } from "./conditions.ts";

/** `let` and `set`. The value may be that of a call under way. */
export function compileAssign({ variable, value }: AssignStep): Exec {
  const read = compileRead(value);
  const { slot } = variable;
  return (frame, run) => {
    frame.slots[slot] = read(frame, run);
    return undefined;
  };
}

/** `break` and `continue`. */
export function compileJump({ kind, cond }: JumpStep): Exec {
  const read = compileRead(cond);
  const jump = kind === "break" ? BREAK : CONTINUE;
  return (frame, run) => {
    const value = read(frame, run);
    if (value instanceof Wait) return value;
    const condition = conditionOf(value, undefined);
    if (condition instanceof Failed) return condition;
    return condition ? jump : undefined;
  };
}
