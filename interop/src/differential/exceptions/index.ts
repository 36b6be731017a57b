import type { Exception } from "../compare.ts";
import { batches } from "./batches.ts";
import { capabilities } from "./capabilities.ts";
import { order } from "./order.ts";
import { streams } from "./streams.ts";
import { values } from "./values.ts";
import { wording } from "./wording.ts";

/** All differences that are meant to be. */
export const exceptions: readonly Exception[] = [
  ...order,
  ...wording,
  ...batches,
  ...capabilities,
  ...values,
  ...streams,
];
