import { parseArgs } from "node:util";
import type { ContestantName } from "../contestants/index.ts";

export const USAGE = `Usage: npm run bench:compare -- --base <commit> [options]

  --base <commit>      the version to compare the working tree with
  --interceptors       instead: ours with a do-nothing interceptor in each direction, and without
  --observe <what>     instead: ours observed by nothing, metrics, traces (of one call in a
                       hundred), all-traces or no-traces, or with the contexts of OpenTelemetry
                       alone; and not observed. Those after metrics need --apart, because they
                       change the whole process
  --against <what>     with --observe: ours observed by this, in place of not observed
  --case <text>        only cases whose name contains it; may be given more than once
  --launches <n>       times that all processes are started (default 5)
  --rounds <n>         turns of each version in a launch (default 100)
  --turn <ms>          the length of a turn (default 15)
  --warm-up <ms>       how long each version runs before it is measured, times the factor of the
                       case (default 800)
  --apart              processes of its own for each version: for costs of garbage collection
  --tolerance <share>  growth that isn't worse yet (default 0.02)
  --node <major>       the version of Node (default: this one)
  --help               this text`;

/** The contestants of `--observe`. */
const VARIANTS: Readonly<Record<string, ContestantName>> = {
  nothing: "ours, unobserved",
  metrics: "ours, with metrics",
  contexts: "ours, with contexts",
  traces: "ours, with traces",
  "all-traces": "ours, with all traces",
  "no-traces": "ours, with no traces",
};

/** The options of the command line. */
export interface CompareOptions {
  /** True if a case was selected. */
  selects(name: string): boolean;
  /** The commit to compare with. */
  readonly base: string | undefined;
  /** The variant of the working tree to compare with the working tree, instead of a commit. */
  readonly variant: ContestantName | undefined;
  /** The one to compare with a variant. */
  readonly against: ContestantName;
  readonly launches: number;
  readonly rounds: number;
  readonly turn: number;
  readonly warmUp: number;
  readonly isApart: boolean;
  readonly tolerance: number;
  readonly node: string;
  readonly helps: boolean;
}

/** @throws TypeError for an unknown option */
export function parseCompareOptions(args: readonly string[]): CompareOptions {
  const { values } = parseArgs({
    // pnpm passes on the "--" that npm removes.
    args: args.filter((arg) => arg !== "--"),
    options: {
      base: { type: "string" },
      interceptors: { type: "boolean", default: false },
      observe: { type: "string" },
      against: { type: "string" },
      case: { type: "string", multiple: true, default: [] },
      launches: { type: "string", default: "5" },
      rounds: { type: "string", default: "100" },
      turn: { type: "string", default: "15" },
      "warm-up": { type: "string", default: "800" },
      apart: { type: "boolean", default: false },
      tolerance: { type: "string", default: "0.02" },
      node: { type: "string", default: process.versions.node.split(".")[0]! },
      help: { type: "boolean", default: false },
    },
  });
  return {
    selects: (name) => values.case.length === 0 || values.case.some((text) => name.includes(text)),
    base: values.base,
    variant: values.interceptors ? "ours, intercepted" : variantOf(values.observe),
    against: variantOf(values.against) ?? "ours",
    launches: Number(values.launches),
    rounds: Number(values.rounds),
    turn: Number(values.turn),
    warmUp: Number(values["warm-up"]),
    isApart: values.apart,
    tolerance: Number(values.tolerance),
    node: values.node,
    helps: values.help,
  };
}

/** @throws TypeError for an unknown variant */
function variantOf(name: string | undefined): ContestantName | undefined {
  if (name === undefined) return undefined;
  const variant = VARIANTS[name];
  if (!variant) {
    const names = Object.keys(VARIANTS).join(", ");
    throw new TypeError(`--observe and --against take one of ${names}, not ${name}.`);
  }
  return variant;
}
