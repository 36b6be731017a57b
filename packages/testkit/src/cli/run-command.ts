import { loadTranscripts } from "../conformance/transcripts.ts";
import { ATTACK_USAGE, attackCommand } from "./attack.ts";
import { conformanceCommand, serveCommand } from "./conformance.ts";
import { listLines } from "./list.ts";
import { optionsOf, parse } from "./options.ts";
import { conformanceDocument, packageVersion } from "./package-files.ts";
import { USAGE } from "./usage.ts";
import { UsageError } from "./usage-error.ts";

/**
 * Runs the program with the given arguments.
 *
 * @returns the exit code
 */
export async function runCommand(args: readonly string[]): Promise<number> {
  const isAttack = args[0] === "attack";
  try {
    if (isAttack) return await attackCommand(args.slice(1));
    return await run(args);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n\n${isAttack ? ATTACK_USAGE : USAGE}`);
    return 2;
  }
}

async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parse(args);
  const [command, url] = positionals;
  if (values.version) return print(`${await packageVersion()}\n`);
  if (values.help || command === undefined) {
    print(USAGE);
    return values.help ? 0 : 2;
  }
  const options = optionsOf(values);
  switch (command) {
    case "conformance":
      return await conformanceCommand(url, options);
    case "serve":
      return await serveCommand(options);
    case "list": {
      const transcripts = [...(await loadTranscripts()).values()];
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
