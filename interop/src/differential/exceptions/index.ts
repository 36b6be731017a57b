import type { Exception } from "../compare.ts";
import { batches } from "./batches.ts";
import { capabilities } from "./capabilities.ts";
import { errors } from "./errors.ts";
import { members } from "./members.ts";
import { order } from "./order.ts";
import { streams } from "./streams.ts";
import { values } from "./values.ts";
import { wording } from "./wording.ts";

/** All intended differences. The first that explains a difference counts. */
export const exceptions: readonly Exception[] = [
  ...order,
  ...wording,
  ...members,
  ...batches,
  ...capabilities,
  ...values,
  ...errors,
  ...streams,
];
