import { parseArgs } from "node:util";
import { countOf, numberOf, oneOf } from "../driver/arguments.ts";
import { SCENARIO_NAMES } from "../scenarios/scenarios.ts";
import { LEAKS } from "../server/leaky-api.ts";
import type { SoakPlan } from "./soak.ts";

export const SOAK_USAGE = `Usage: npm run soak -- [options]

  --minutes <n>    the duration; default 30
  --sessions <n>   sessions that stay connected; default 1,000
  --think <n>      milliseconds between two operations of a session, on average; default 1,000
  --scenario <s>   ${SCENARIO_NAMES.join(", ")}; default mix
  --leak <kind>    a mistake on purpose, which must be found: ${LEAKS.join(", ")};
                   may be given more than once
  --write          puts the result into docs/load.md
  --help           this text

Exits with 1 if memory, handles or tables grew, or an operation failed, and names them.`;

/** The options of the command line. */
export interface SoakOptions {
  readonly plan: SoakPlan;
  readonly writes: boolean;
  readonly helps: boolean;
}

/** Windows of a long soak, and the least seconds of one. */
const WINDOWS = 60;
const LEAST_SECONDS = 5;

/**
 * @throws UsageError, TypeError for an unknown option or a wrong value
 */
export function parseSoakOptions(args: readonly string[]): SoakOptions {
  const { values } = parseArgs({
    args: args.filter((arg) => arg !== "--"),
    options: {
      minutes: { type: "string", default: "30" },
      sessions: { type: "string", default: "1000" },
      think: { type: "string", default: "1000" },
      scenario: { type: "string", default: "mix" },
      leak: { type: "string", multiple: true, default: [] },
      write: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const duration = numberOf("--minutes", values.minutes, 1) * 60;
  return {
    plan: {
      scenario: oneOf("--scenario", values.scenario, SCENARIO_NAMES),
      sessions: countOf("--sessions", values.sessions),
      think: numberOf("--think", values.think, 0),
      duration,
      window: Math.max(LEAST_SECONDS, duration / WINDOWS),
      leaks: values.leak.map((leak) => oneOf("--leak", leak, LEAKS)),
    },
    writes: values.write,
    helps: values.help,
  };
}
