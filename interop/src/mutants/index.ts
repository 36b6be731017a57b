import { ALLOWED } from "./allowed.ts";
import { answers } from "./forbidden/answers.ts";
import { errors } from "./forbidden/errors.ts";
import { messages } from "./forbidden/messages.ts";
import { references } from "./forbidden/references.ts";
import { streams } from "./forbidden/streams.ts";
import { values } from "./forbidden/values.ts";
import type { Mutant } from "./mutant.ts";

/** Every mutant of a correct server or client. */
export const MUTANTS: readonly Mutant[] = [
  ...answers,
  ...references,
  ...errors,
  ...values,
  ...streams,
  ...messages,
  ...ALLOWED,
];
