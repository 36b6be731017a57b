import { ARITHMETIC } from "./arithmetic.ts";
import { COMPARISONS } from "./compare.ts";
import { CONTAINERS } from "./containers.ts";
import { CONVERSIONS } from "./conversions.ts";
import { LOGIC } from "./logic.ts";
import { MATH } from "./math.ts";
import type { OperatorName } from "./names.ts";
import type { Apply } from "./operator.ts";
import { TEXTS } from "./texts.ts";
import { TIMES } from "./times.ts";

/** The functions that compute operators. */
export const APPLY: Readonly<Record<OperatorName, Apply>> = {
  ...COMPARISONS,
  ...ARITHMETIC,
  ...LOGIC,
  ...CONVERSIONS,
  ...TEXTS,
  ...CONTAINERS,
  ...MATH,
  ...TIMES,
};

/** The operators that look at failed arguments themselves. Others fail with the first one. */
export const TAKES_FAILURES: ReadonlySet<string> = new Set<OperatorName>(["and", "or", "cond"]);
