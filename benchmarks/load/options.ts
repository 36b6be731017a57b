import { parseArgs } from "node:util";
import { countOf, numberOf, oneOf, UsageError } from "./driver/arguments.ts";
import type { LoadPlan } from "./driver/run-load.ts";
import type { Model } from "./models/run.ts";
import { SCENARIO_NAMES, SCENARIOS, type ScenarioName } from "./scenarios/scenarios.ts";

export const USAGE = `Usage: npm run load -- [options]

  --scenario <s>    ${SCENARIO_NAMES.join(", ")};
                    may be given more than once. Default: all
  --sessions <n>    sessions that stay connected; default 5,000
  --model <m>       open: operations start by a schedule. closed: each session has a user, who
                    awaits an operation before the next one. Default open
  --rate <n>        open: operations per second; the default differs by scenario
  --arrivals <a>    open: poisson (independent users) or constant; default poisson
  --think <n>       closed: milliseconds from an answer to the user's next operation, on average;
                    default 2,500
  --seconds <n>     the duration of a run, after a warm-up of 2 s; default 10
  --generators <n>  processes that make load; default 1
  --seed <n>        of all random choices; default 1
  --memory          measures the server's memory by sessions as well
  --write           everything, into docs/load.md and docs/load.svg; takes no other option
  --render          writes docs/load.md and docs/load.svg from the recorded results
  --help            this text`;

/** The options of the command line. */
export interface LoadOptions {
  readonly plans: readonly LoadPlan[];
  /** The most sessions of the measurement of memory; `undefined` for none. */
  readonly memory: number | undefined;
  readonly writes: boolean;
  readonly renders: boolean;
  readonly helps: boolean;
}

const DEFAULTS = {
  sessions: "5000",
  model: "open",
  arrivals: "poisson",
  think: "2500",
  seconds: "10",
  generators: "1",
  seed: "1",
};

/**
 * @throws UsageError, TypeError for an unknown option or a wrong value
 */
export function parseLoadOptions(args: readonly string[]): LoadOptions {
  const text = (name: keyof typeof DEFAULTS) =>
    ({ type: "string", default: DEFAULTS[name] }) as const;
  const { values } = parseArgs({
    // pnpm passes on the "--" that npm removes.
    args: args.filter((arg) => arg !== "--"),
    options: {
      scenario: { type: "string", multiple: true, default: [] },
      rate: { type: "string" },
      sessions: text("sessions"),
      model: text("model"),
      arrivals: text("arrivals"),
      think: text("think"),
      seconds: text("seconds"),
      generators: text("generators"),
      seed: text("seed"),
      memory: { type: "boolean", default: false },
      write: { type: "boolean", default: false },
      render: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const { write, render, help, memory } = values;
  if (write && args.filter((arg) => arg !== "--").length > 1) {
    throw new UsageError("--write takes no other option: the page shows runs of one plan.");
  }
  const sessions = countOf("--sessions", values.sessions);
  const shared = {
    sessions,
    seconds: numberOf("--seconds", values.seconds, 1),
    generators: countOf("--generators", values.generators),
    seed: numberOf("--seed", values.seed, 0),
  };
  const arrivals = oneOf("--arrivals", values.arrivals, ["poisson", "constant"]);
  const rate = values.rate === undefined ? undefined : numberOf("--rate", values.rate, 0.1);
  const closed = { model: "closed", think: numberOf("--think", values.think, 0) } as const;
  const isOpen = oneOf("--model", values.model, ["open", "closed"]) === "open";
  const modelOf = (scenario: ScenarioName): Model =>
    isOpen ? { model: "open", arrivals, rate: rate ?? SCENARIOS[scenario].rate } : closed;
  const names = values.scenario.map((name) => oneOf("--scenario", name, SCENARIO_NAMES));
  const plans = (names.length > 0 ? names : SCENARIO_NAMES).map((scenario) => ({
    scenario,
    model: modelOf(scenario),
    ...shared,
  }));
  return {
    // The page compares both models of one scenario.
    plans: write ? [...plans, { ...plans[0]!, model: closed }] : plans,
    memory: write || memory ? sessions : undefined,
    writes: write,
    renders: render,
    helps: help,
  };
}
