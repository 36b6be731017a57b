import { attempt, describeValue } from "./describe-value.ts";
import type { Operation, World } from "./world.ts";

export type Run = Operation["run"];

/** An operation on a value. */
type Step = (value: any, world: World) => unknown;

/** Runs several steps in order. Describes the result of each, or its error. */
export function all(...steps: readonly Step[]): Run {
  return async (world, value) => {
    const seen: string[] = [];
    for (const step of steps) {
      seen.push(await attempt(async () => describeValue(world, await step(value, world))));
    }
    return seen.join("; ");
  };
}

/** Disposes of a value, if it has a disposer. */
export const dispose = (value: any): void => value?.[Symbol.dispose]?.();
