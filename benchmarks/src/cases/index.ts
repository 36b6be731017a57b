import { batches } from "./batches.ts";
import { callbacks } from "./callbacks.ts";
import { calls } from "./calls.ts";
import type { Case } from "./case.ts";
import { codec } from "./codec.ts";
import { documents } from "./documents.ts";
import { growth } from "./growth.ts";
import { heap } from "./heap.ts";
import { inMemory } from "./memory.ts";
import { pipelining } from "./pipelining.ts";
import { sessions } from "./sessions.ts";
import { streams } from "./streams.ts";
import { traffic } from "./traffic.ts";

/** Every case, in the order in which they are run and reported. */
export const cases: readonly Case[] = [
  ...calls,
  ...documents,
  ...pipelining,
  ...callbacks,
  ...batches,
  ...streams,
  ...sessions,
  ...inMemory,
  ...codec,
  ...heap,
  ...traffic,
  ...growth,
];

/** @throws Error if there is no such case */
export function caseNamed(name: string): Case {
  const found = cases.find((each) => each.name === name);
  if (found === undefined) throw new Error(`There is no case "${name}".`);
  return found;
}
