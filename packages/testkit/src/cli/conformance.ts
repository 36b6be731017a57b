import { awaitServer } from "../conformance/await-server.ts";
import { NOT_RUN } from "../conformance/conductor.ts";
import { UnreachableError } from "../conformance/errors.ts";
import { withKnown } from "../conformance/known.ts";
import { type ScenarioResult, verdictOf } from "../conformance/result.ts";
import { isFor, select } from "../conformance/select.ts";
import { serveConformance } from "../conformance/serve.ts";
import { isBatchUrl, testServer } from "../conformance/test-server.ts";
import { loadTranscripts } from "../conformance/transcripts.ts";
import { createProgress, type Progress } from "../report/progress.ts";
import { scenarioId } from "../transcript/id.ts";
import { SIDES, type Side, type Transcript } from "../transcript/transcript.ts";
import { readKnown } from "./known-list.ts";
import type { Options } from "./options.ts";
import { UsageError } from "./usage-error.ts";

type Transcripts = ReadonlyMap<string, Transcript>;

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
  const transcripts = await loadTranscripts();
  const batch = options.batch || isBatchUrl(url);
  return await reported(transcripts, "server", { ...options, batch }, async (onResult) => {
    await awaitServer(url, options.wait);
    return await testServer(url, [...transcripts.values()], { ...options, onResult });
  });
}

/**
 * Runs `serve`.
 *
 * @returns the exit code
 */
export async function serveCommand(options: Options): Promise<number> {
  const transcripts = await loadTranscripts();
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

/**
 * Reports the results of `run`.
 *
 * @returns the exit code
 */
async function reported(
  transcripts: Transcripts,
  side: Side,
  options: Options,
  run: (onResult: (result: ScenarioResult) => void) => Promise<ScenarioResult[]>,
): Promise<number> {
  // Covers both sides, because they may share a list.
  const live = [...transcripts.values()].filter((each) => SIDES.some((one) => isFor(each, one)));
  const known = await readKnown(
    options.known,
    live.map(({ name }) => scenarioId(name)),
  );
  const total = select([...transcripts.values()], side, options).length;
  if (total === 0) {
    process.stderr.write("No scenario was selected.\n");
    return 2;
  }
  // Starts the report only when the server is there: an empty report would hide the error.
  let begun: Progress | undefined;
  const progress = () =>
    (begun ??= createProgress(options.format, total, process.stdout, process.stderr));
  try {
    const results = await run((result) => progress().result(withKnown([result], known)[0]!));
    const judged = withKnown(results, known);
    progress().end(judged);
    return exitCode(judged, options);
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

function exitCode(results: readonly ScenarioResult[], { partial }: Options): number {
  if (results.every((each) => verdictOf(each) === "skipped")) {
    process.stderr.write("No scenario was run.\n");
    return 1;
  }
  const missed = results.filter(({ skipped }) => skipped === NOT_RUN).length;
  if (missed > 0 && !partial) {
    process.stderr.write(
      `The client didn't run ${missed} of ${results.length} scenarios. Choose those that it has to run ` +
        "with --features, --skip, --only, --exclude or --batch, or allow it with --partial.\n",
    );
    return 1;
  }
  return results.some((each) => verdictOf(each) === "failed") ? 1 : 0;
}
