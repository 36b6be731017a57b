import { awaitServer } from "../conformance/await-server.ts";
import { isBatchUrl } from "../conformance/play-at.ts";
import { loadScenarios } from "../conformance/scenarios/index.ts";
import { serveConformance } from "../conformance/serve.ts";
import { testServer } from "../conformance/test-server.ts";
import type { Options } from "./options.ts";
import { reported } from "./reported.ts";
import { StartedCommand } from "./server-command.ts";
import { UsageError } from "./usage-error.ts";

/**
 * Runs `conformance`.
 *
 * @returns the exit code
 */
export async function conformanceCommand(
  url: string | undefined,
  options: Options,
): Promise<number> {
  if (url === undefined || !/^(ws|http)s?:\/\//.test(url) || !URL.canParse(url)) {
    throw new UsageError("Say which server to test: a ws:, wss:, http: or https: URL.");
  }
  const transcripts = await loadScenarios();
  const batch = options.batch || isBatchUrl(url);
  const started = await startedServer(url, options.start);
  try {
    return await reported(transcripts, "server", { ...options, batch }, async (onResult) => {
      await awaitServer(url, options.wait, () => started?.failure);
      return await testServer(url, [...transcripts.values()], { ...options, onResult });
    });
  } finally {
    await started?.stop();
  }
}

/** @throws UsageError if another server runs there, which would be tested in its place */
async function startedServer(
  url: string,
  command: string | undefined,
): Promise<StartedCommand | undefined> {
  if (command === undefined) return undefined;
  const isFree = await awaitServer(url, 0).then(
    () => false,
    () => true,
  );
  if (!isFree) throw new UsageError(`A server runs at ${url} already: stop it to use --start.`);
  return new StartedCommand(command);
}

/**
 * Runs `serve`.
 *
 * @returns the exit code
 */
export async function serveCommand(options: Options): Promise<number> {
  const transcripts = await loadScenarios();
  return await reported(transcripts, "client", options, async (onResult) => {
    const serving = serveConformance(transcripts, { ...options, onResult });
    const server = await serving.catch((cause) => {
      const { host, port } = options;
      throw new UsageError(`Can't serve at ${host}:${port}: ${cause.message}`, { cause });
    });
    // Written to standard error, because standard output holds the report.
    process.stderr.write(`Serving at ${server.url}\n`);
    const results = await server.done;
    await server.close();
    return results;
  });
}
