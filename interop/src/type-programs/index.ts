import { ARGUMENTS } from "./arguments.ts";
import { CALLBACKS } from "./callbacks.ts";
import { CONSTRUCTED } from "./constructed.ts";
import { DECLARED } from "./declared.ts";
import { MAPS } from "./maps.ts";
import { MEMBERS } from "./members.ts";
import type { TypeProgram } from "./program.ts";
import { RESULTS } from "./results.ts";

/** The programs, by topic. */
export const TYPE_PROGRAMS: Readonly<Record<string, readonly TypeProgram[]>> = {
  arguments: ARGUMENTS,
  results: RESULTS,
  members: MEMBERS,
  maps: MAPS,
  callbacks: CALLBACKS,
  constructed: CONSTRUCTED,
  declared: DECLARED,
};
