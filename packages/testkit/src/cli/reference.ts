import { awaitServer } from "../conformance/await-server.ts";
import { reasonOf } from "../conformance/errors.ts";
import { loadScenarios } from "../conformance/scenarios/index.ts";
import { select } from "../conformance/select.ts";
import type { Options } from "./options.ts";
import { reported } from "./reported.ts";
import { UsageError } from "./usage-error.ts";

/**
 * Runs `reference serve` and `reference run`.
 *
 * @returns the exit code
 */
export async function referenceCommand(
  [what, url]: readonly string[],
  options: Options,
): Promise<number> {
  if (what === "serve") return await serve(options);
  if (what !== "run") throw new UsageError("Say what the reference has to do: serve or run.");
  if (url === undefined || !URL.canParse(url)) throw new UsageError(WHERE);
  const { protocol } = new URL(url);
  if (protocol === "ws:" || protocol === "wss:") return await runAtServer(url, options);
  if (protocol === "http:") return await runAtKit(url, options);
  throw new UsageError(WHERE);
}

const WHERE =
  "Say where to run the reference client: the ws: or wss: URL of a server with the application, " +
  "or the http: URL at which capnweb-testkit serve serves.";

async function serve({ port, host, announce, verbose }: Options): Promise<number> {
  const { serveReference } = await import("../reference/serve.ts");
  const onMessage = (from: string, message: string) => {
    process.stdout.write(`${from.padEnd(6)} ${message}\n`);
  };
  const server = await serveReference({
    port,
    host,
    announce,
    onMessage: verbose ? onMessage : undefined,
  }).catch((cause) => {
    throw new UsageError(`Can't serve at ${host}:${port}: ${cause.message}`, { cause });
  });
  process.stderr.write(`Serving at ws://${server.address}/ and http://${server.address}/\n`);
  await new Promise<void>((resolve) => {
    process.once("SIGINT", resolve);
    process.once("SIGTERM", resolve);
  });
  await server.close();
  return 0;
}

async function runAtServer(url: string, options: Options): Promise<number> {
  const { isProgram, runReference } = await import("../reference/run.ts");
  const scenarios = [...(await loadScenarios())].filter(([, scenario]) => isProgram(scenario));
  const name = options.name ?? "a server, with the reference client";
  return await reported(new Map(scenarios), "server", { ...options, name }, async (onResult) => {
    await awaitServer(url, options.wait);
    const selected = select(
      scenarios.map(([, scenario]) => scenario),
      "server",
      options,
    );
    return await runReference(url, selected, { ...options, onResult });
  });
}

async function runAtKit(url: string, options: Options): Promise<number> {
  const { runReferenceAtKit } = await import("../reference/run.ts");
  try {
    await runReferenceAtKit(url, options);
  } catch (error) {
    process.stderr.write(`Can't run at ${url}: ${reasonOf(error)}\n`);
    return 1;
  }
  process.stderr.write(`Ran the scenarios of ${url}, which reports the results.\n`);
  return 0;
}
