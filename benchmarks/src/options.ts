import { parseArgs } from "node:util";
import { NEWEST_NODE, NODES } from "./driver/node.ts";
import { BRIEF, type Plan, QUICK } from "./driver/plan.ts";

export const USAGE = `Usage: pnpm bench [options]

  --case <text>   only cases whose name contains it; may be given more than once
  --node <major>  with this version of Node; may be given more than once
  --brief         fewer and shorter turns: everything in 25 minutes rather than an hour
  --quick         the fewest turns, with the most noise; for some cases, to the terminal
  --write         put the results of some cases, or of one Node, in the place of those in docs/,
                  measured with the record's number of turns; the page marks them
  --page          write the page and the charts again, from docs/benchmarks.json
  --list          list the cases
  --help          this text

Without --case, --node and --quick: everything, with Node ${NODES.join(" and ")}, into docs/. Otherwise with Node ${NEWEST_NODE}, to the
terminal. \`pnpm bench:check\` takes --case and --node as well.`;

/** The options of the command line. */
export interface Options {
  /** True if a case was selected. */
  selects(name: string): boolean;
  /** Major versions of Node; `undefined` if none was named. */
  readonly nodes: readonly string[] | undefined;
  /** The plan that was asked for; `undefined` if none was. */
  readonly plan: Plan | undefined;
  readonly writes: boolean;
  /** True if only the page is to be written. */
  readonly rewrites: boolean;
  readonly lists: boolean;
  readonly helps: boolean;
}

/** @throws TypeError for an unknown option, and for options that contradict each other */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    // pnpm passes on the "--" that npm removes.
    args: args.filter((arg) => arg !== "--"),
    options: {
      case: { type: "string", multiple: true, default: [] },
      node: { type: "string", multiple: true },
      brief: { type: "boolean", default: false },
      quick: { type: "boolean", default: false },
      write: { type: "boolean", default: false },
      page: { type: "boolean", default: false },
      list: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const { case: texts, node: nodes, brief, quick, write } = values;
  if (quick && (brief || write)) {
    throw new TypeError("--quick excludes --brief and --write: its results are too noisy to keep.");
  }
  const isPartial = quick || texts.length > 0 || nodes !== undefined;
  return {
    selects: (name) => texts.length === 0 || texts.some((text) => name.includes(text)),
    nodes,
    plan: quick ? QUICK : brief ? BRIEF : undefined,
    writes: write || !isPartial,
    rewrites: values.page,
    lists: values.list,
    helps: values.help,
  };
}
