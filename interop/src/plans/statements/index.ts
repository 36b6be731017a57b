import type { PlanVector } from "../vector.ts";
import { CHOICES } from "./choices.ts";
import { FILTER } from "./filter.ts";
import { LOOPS } from "./loops.ts";
import { MAP } from "./map.ts";
import { PARTS } from "./parts.ts";
import { REDUCE } from "./reduce.ts";
import { SEARCH } from "./search.ts";
import { SOURCES } from "./sources.ts";
import { STEPS } from "./steps.ts";
import { TRIES } from "./tries.ts";
import { VARIABLES } from "./variables.ts";

/** Every source and statement. */
export const STATEMENTS: readonly PlanVector[] = [
  ...SOURCES,
  ...STEPS,
  ...CHOICES,
  ...MAP,
  ...FILTER,
  ...SEARCH,
  ...REDUCE,
  ...LOOPS,
  ...VARIABLES,
  ...TRIES,
  ...PARTS,
];
