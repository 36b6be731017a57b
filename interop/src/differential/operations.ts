import type { Run } from "./attempts.ts";
import { lifeOperations } from "./life-operations.ts";
import { memberOperations } from "./member-operations.ts";
import { valueOperations } from "./value-operations.ts";
import type { Operation } from "./world.ts";

const runs: Readonly<Record<string, Run>> = {
  ...valueOperations,
  ...memberOperations,
  ...lifeOperations,
};

/** All operations on a value that arrives. */
export const operations: readonly Operation[] = Object.entries(runs).map(([name, run]) => ({
  name,
  run,
}));
