import { attempt, describeValue } from "./describe-value.ts";
import type { Operation, World } from "./world.ts";

export type Run = Operation["run"];

/** Something that is done with a value. */
type Step = (value: any, world: World) => unknown;

/** Several steps, one after the other; each gives what is described, or thrown. */
export function all(...steps: readonly Step[]): Run {
  return async (world, value) => {
    const seen: string[] = [];
    for (const step of steps) {
      seen.push(await attempt(async () => describeValue(world, await step(value, world))));
    }
    return seen.join("; ");
  };
}

/** Gives a value up, if it can be. */
export const dispose = (value: any): void => value?.[Symbol.dispose]?.();
