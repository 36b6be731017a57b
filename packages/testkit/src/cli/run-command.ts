import { parseArgs } from "node:util";
import type { ScenarioResult } from "../conformance/result.ts";
import { isSelected, type Selection } from "../conformance/select.ts";
import { serveConformance } from "../conformance/serve.ts";
import { testServer } from "../conformance/test-server.ts";
import { loadTranscripts } from "../conformance/transcripts.ts";
import { formatReport, REPORT_FORMATS, type ReportFormat } from "../report/index.ts";
import { FEATURES, type Feature } from "../transcript/transcript.ts";
import { ATTACK_USAGE, attackCommand } from "./attack.ts";
import { UsageError } from "./usage-error.ts";

const USAGE = `Usage:
  capnweb-testkit conformance <url>   tests a server at a ws:, wss:, http: or https: URL
  capnweb-testkit serve               plays the server for a client under test
  capnweb-testkit list                names the scenarios
  capnweb-testkit attack <url>        attacks a server (attack --help tells more)

Options:
  --features a,b    only scenarios that need no other features (${FEATURES.join(", ")})
  --skip a,b        no scenarios that need one of these
  --only text       only scenarios with this in their names
  --format f        human (default), tap or junit
  --timeout ms      how long the peer has for a message (default 5000)
  --idle ms         serve: how long a client may be silent before it counts as gone (default 60000)
  --port n          where to serve (default: any that is free)
  --host h          where to serve (default 127.0.0.1)
  --help

Exits with 0 if nothing failed, 1 if something did or nothing was run, 2 if it was called wrongly.
What a server or client under test has to offer: docs/conformance.md of the project.
`;

interface Options extends Selection {
  readonly format: ReportFormat;
  readonly timeout: number;
  readonly idleTimeout: number;
  readonly port: number;
  readonly host: string;
}

/** Runs the program with these arguments. @returns what it exits with */
export async function runCommand(args: readonly string[]): Promise<number> {
  const isAttack = args[0] === "attack";
  try {
    if (isAttack) return await attackCommand(args.slice(1));
    const { values, positionals } = parse(args);
    const [command, url] = positionals;
    if (values.help || command === undefined) {
      process.stdout.write(USAGE);
      return values.help ? 0 : 2;
    }
    const options = optionsOf(values);
    if (command === "conformance") return await conformance(url, options);
    if (command === "serve") return await serve(options);
    if (command === "list") return await list(options);
    throw new UsageError(`There is no command ${command}.`);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n\n${isAttack ? ATTACK_USAGE : USAGE}`);
    return 2;
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        features: { type: "string" },
        skip: { type: "string" },
        only: { type: "string" },
        format: { type: "string", default: "human" },
        timeout: { type: "string", default: "5000" },
        idle: { type: "string", default: "60000" },
        port: { type: "string", default: "0" },
        host: { type: "string", default: "127.0.0.1" },
        help: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function optionsOf(values: ReturnType<typeof parse>["values"]): Options {
  const format = REPORT_FORMATS.find((each) => each === values.format);
  if (format === undefined) throw new UsageError(`There is no format ${values.format}.`);
  return {
    features: featuresOf(values.features),
    skip: featuresOf(values.skip),
    only: values.only,
    format,
    timeout: numberOf("timeout", values.timeout),
    idleTimeout: numberOf("idle", values.idle),
    port: numberOf("port", values.port),
    host: values.host,
  };
}

function featuresOf(text: string | undefined): Feature[] | undefined {
  return text?.split(",").map((name) => {
    const feature = FEATURES.find((each) => each === name.trim());
    if (feature === undefined) throw new UsageError(`There is no feature ${name}.`);
    return feature;
  });
}

function numberOf(name: string, text: string): number {
  if (!/^\d+$/.test(text)) throw new UsageError(`--${name} has to be a number.`);
  return Number(text);
}

async function conformance(url: string | undefined, options: Options): Promise<number> {
  if (url === undefined || !/^(ws|http)s?:\/\//.test(url)) {
    throw new UsageError("Say which server to test: a ws:, wss:, http: or https: URL.");
  }
  const transcripts = await loadTranscripts();
  return report(await testServer(url, [...transcripts.values()], options), options);
}

async function serve(options: Options): Promise<number> {
  const server = await serveConformance(await loadTranscripts(), options).catch((cause) => {
    const { host, port } = options;
    throw new UsageError(`Can't serve at ${host}:${port}: ${cause.message}`, { cause });
  });
  // Not into the report, which is what goes to standard output.
  process.stderr.write(`Serving at ${server.url}\n`);
  const results = await server.done;
  await server.close();
  return report(results, options);
}

async function list(options: Options): Promise<number> {
  for (const [id, transcript] of await loadTranscripts()) {
    if (!isSelected(transcript, options)) continue;
    const { name, features } = transcript;
    process.stdout.write(`${id}  ${name}  [${features.join(", ")}]\n`);
  }
  return 0;
}

function report(results: readonly ScenarioResult[], { format }: Options): number {
  process.stdout.write(formatReport(results, format));
  if (results.length === 0) {
    process.stderr.write("No scenario was selected.\n");
    return 2;
  }
  if (results.every(({ skipped }) => skipped !== undefined)) {
    process.stderr.write("No scenario was run.\n");
    return 1;
  }
  return results.some(({ failure }) => failure !== undefined) ? 1 : 0;
}
