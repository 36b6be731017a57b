import { loadScenarios } from "../conformance/scenarios/index.ts";
import { attackCommand } from "./attack.ts";
import { conformanceCommand, serveCommand } from "./conformance.ts";
import { listLines } from "./list.ts";
import { matrixCommand } from "./matrix.ts";
import { optionsOf, parse } from "./options.ts";
import { conformanceDocument, packageVersion } from "./package-files.ts";
import { proxyCommand } from "./proxy.ts";
import { referenceCommand } from "./reference.ts";
import { USAGE } from "./usage.ts";
import { UsageError } from "./usage-error.ts";

/**
 * Runs the program with the given arguments.
 *
 * @returns the exit code
 */
export async function runCommand(args: readonly string[]): Promise<number> {
  const own = OWN[args[0] ?? ""];
  try {
    return await (own ? own.run(args.slice(1)) : run(args));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    // Without the whole usage, which would push the message off a terminal.
    const help = own === undefined ? "--help" : `${args[0]} --help`;
    process.stderr.write(`${error.message}\n"capnweb-testkit ${help}" lists the options.\n`);
    return 2;
  }
}

/** The commands that have options of their own. */
const OWN: Readonly<Record<string, { run(args: readonly string[]): Promise<number> }>> = {
  attack: { run: attackCommand },
  matrix: { run: matrixCommand },
  proxy: { run: proxyCommand },
};

/** The number of arguments that the other commands take. */
const OPERANDS: Readonly<Record<string, number>> = {
  conformance: 1,
  serve: 0,
  reference: 2,
  list: 0,
  document: 0,
};

async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parse(args);
  const [command, url] = positionals;
  if (values.version) return print(`${await packageVersion()}\n`);
  if (values.help || command === undefined) {
    print(USAGE);
    return values.help ? 0 : 2;
  }
  const options = optionsOf(values);
  const surplus = positionals[1 + (OPERANDS[command] ?? Number.POSITIVE_INFINITY)];
  if (surplus !== undefined) {
    throw new UsageError(
      `${command} has an argument too many: ${surplus}. ` +
        "To give an option several values, repeat it.",
    );
  }
  switch (command) {
    case "conformance":
      return await conformanceCommand(url, options);
    case "serve":
      return await serveCommand(options);
    case "reference":
      return await referenceCommand(positionals.slice(1), options);
    case "list": {
      const transcripts = [...(await loadScenarios()).values()];
      return print(
        listLines(transcripts, options)
          .map((line) => `${line}\n`)
          .join(""),
      );
    }
    case "document":
      return print(await conformanceDocument());
    default:
      throw new UsageError(`There is no command ${command}.`);
  }
}

function print(text: string): 0 {
  process.stdout.write(text);
  return 0;
}
