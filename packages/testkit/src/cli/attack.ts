import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { KINDS, kindOf } from "../attack/attack.ts";
import { attackServer } from "../attack/attack-server.ts";
import { AttackError } from "../attack/errors.ts";
import type { AttackOptions } from "../attack/options.ts";
import { resultLines, summary } from "../attack/report/human.ts";
import {
  ATTACK_REPORT_FORMATS,
  type AttackReportFormat,
  formatAttackReport,
} from "../attack/report/index.ts";
import type { AttackResult } from "../attack/result.ts";
import { selectAttacks } from "../attack/select.ts";
import { UsageError } from "./usage-error.ts";

/** The text that `attack --help` prints. */
export const ATTACK_USAGE = `Usage:
  capnweb-testkit attack <url> [url]   attacks a server at a ws:, wss:, http: or https: URL; a
                                       second URL is that of its batches, or of its WebSockets
  capnweb-testkit attack <module>      attacks a module that serves MessagePorts: file: URL or path
  capnweb-testkit attack --list        names the attacks

Options:
  --only a,b           only these attacks: ids, patterns with *, or kinds:
                       ${Object.keys(KINDS).join(", ")}
  --exclude a,b        none of these
  --seconds n          how long an attack takes at most (default 4)
  --total n            seconds after which no further attack begins (default: no limit)
  --slowest ms         how long a call of the victim's may take (default 500)
  --repeat n           how often to repeat an attack that only made the victim wait (default 1)
  --application        the server offers the application of docs/conformance.md
  --start command      starts the server, and again after each attack that hurt it
  --wait n             seconds that a server has to answer (default 10)
  --pid n              the server's process, whose memory is watched (Linux)
  --memory-url url     answers {"used": bytes} after a garbage collection
  --kept MB            memory that needn't be given back (default 32, or 256 of a process)
  --format f           ${ATTACK_REPORT_FORMATS.join(", ")} (default human); --json is short for json
  --i-own-this-server  allows other hosts than this machine

Exits with 0 if the server held, 1 if an attack hurt it or couldn't be made, 2 if the command was
wrong.
The attacks, and the methods that a server may offer to them: docs/attacks.md of the project.
`;

const OPTIONS = {
  list: { type: "boolean", default: false },
  only: { type: "string" },
  exclude: { type: "string" },
  seconds: { type: "string" },
  total: { type: "string" },
  slowest: { type: "string" },
  repeat: { type: "string" },
  application: { type: "boolean", default: false },
  start: { type: "string" },
  wait: { type: "string" },
  pid: { type: "string" },
  "memory-url": { type: "string" },
  kept: { type: "string" },
  format: { type: "string", default: "human" },
  json: { type: "boolean", default: false },
  "i-own-this-server": { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

/**
 * Runs `attack` with the given arguments.
 *
 * @returns the exit code
 */
export async function attackCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = parse(args);
  const urls = positionals.map(urlOf);
  if (values.help) {
    process.stdout.write(ATTACK_USAGE);
    return 0;
  }
  const options = optionsOf(values);
  const attacks = selectAttacks(options.only, options.exclude);
  if (attacks.length === 0) throw new UsageError("No attack was selected.");
  if (values.list) {
    for (const attack of attacks) {
      process.stdout.write(`${attack.id}  ${attack.title}  [${KINDS[kindOf(attack)]}]\n`);
    }
    return 0;
  }
  if (urls.length < 1 || urls.length > 2 || !urls.every((url) => URL.canParse(url) && isUrl(url))) {
    throw new UsageError(
      "Say which server to attack: a ws:, wss:, http: or https: URL, or a module.",
    );
  }
  return await attack(urls, options, formatOf(values));
}

async function attack(
  urls: readonly string[],
  options: AttackOptions,
  format: AttackReportFormat,
): Promise<number> {
  const isHuman = format === "human";
  // Attacks take seconds each, so people see each result when it is there.
  const onResult = (result: AttackResult) => {
    if (isHuman) process.stdout.write(resultLines(result));
  };
  try {
    const results = await attackServer(urls, { ...options, onResult });
    process.stdout.write(isHuman ? summary(results) : formatAttackReport(results, format));
    const isFine = results.every(({ verdict }) => verdict === "held" || verdict.endsWith("cable"));
    return isFine && results.some(({ verdict }) => verdict === "held") ? 0 : 1;
  } catch (error) {
    if (!(error instanceof AttackError)) throw error;
    if (error.code === "NOT_YOUR_HOST") throw new UsageError(error.message, { cause: error });
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: OPTIONS });
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}

function isUrl(text: string): boolean {
  return /^(?:(?:ws|http)s?|file):\/\//.test(text);
}

/** The URL of a text. A path becomes the URL of a module. */
function urlOf(text: string): string {
  return /^\.{0,2}[/\\]/.test(text) ? pathToFileURL(text).href : text;
}

function formatOf(values: ReturnType<typeof parse>["values"]): AttackReportFormat {
  if (values.json) return "json";
  const format = ATTACK_REPORT_FORMATS.find((each) => each === values.format);
  if (format === undefined) throw new UsageError(`There is no format ${values.format}.`);
  return format;
}

function optionsOf(values: ReturnType<typeof parse>["values"]): AttackOptions {
  const number = (name: "seconds" | "total" | "slowest" | "repeat" | "wait" | "pid" | "kept") => {
    const text = values[name];
    if (text === undefined) return undefined;
    if (!/^\d+(\.\d+)?$/.test(text)) throw new UsageError(`--${name} has to be a number.`);
    return Number(text);
  };
  return {
    only: values.only?.split(","),
    exclude: values.exclude?.split(","),
    seconds: number("seconds"),
    total: number("total"),
    slowest: number("slowest"),
    repeat: number("repeat"),
    wait: number("wait"),
    pid: number("pid"),
    kept: number("kept"),
    contract: values.application ? "application" : "attack",
    start: values.start,
    memoryUrl: values["memory-url"],
    isOwnServer: values["i-own-this-server"],
  };
}
