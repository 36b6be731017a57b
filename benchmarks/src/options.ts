import { parseArgs } from "node:util";
import { NEWEST_NODE, NODES } from "./driver/node.ts";

export const USAGE = `Usage: pnpm bench [options]

  --case <text>   only cases whose name contains it; may be given more than once
  --node <major>  with this version of Node; may be given more than once
  --quick         ten minutes rather than three quarters of an hour, with more noise
  --write         put results of some cases, or of one Node, in the place of those in docs/
  --list          list the cases
  --help          this text

Without options: everything, with Node ${NODES.join(" and ")}, into docs/. Otherwise with Node ${NEWEST_NODE}, to the
terminal. \`pnpm bench:check\` takes --case and --node as well.`;

/** The options of the command line. */
export interface Options {
  /** True if a case was selected. */
  selects(name: string): boolean;
  /** Major versions of Node; `undefined` if none was named. */
  readonly nodes: readonly string[] | undefined;
  readonly isQuick: boolean;
  readonly writes: boolean;
  readonly lists: boolean;
  readonly helps: boolean;
}

/** @throws TypeError for an unknown option */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    // pnpm passes on the "--" that npm removes.
    args: args.filter((arg) => arg !== "--"),
    options: {
      case: { type: "string", multiple: true, default: [] },
      node: { type: "string", multiple: true },
      quick: { type: "boolean", default: false },
      write: { type: "boolean", default: false },
      list: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const { case: texts, node: nodes, quick, write } = values;
  const isPartial = quick || texts.length > 0 || nodes !== undefined;
  return {
    selects: (name) => texts.length === 0 || texts.some((text) => name.includes(text)),
    nodes,
    isQuick: quick,
    writes: write || !isPartial,
    lists: values.list,
    helps: values.help,
  };
}
