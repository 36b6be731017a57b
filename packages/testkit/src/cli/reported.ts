import { NOT_RUN } from "../conformance/conductor.ts";
import { UnreachableError } from "../conformance/errors.ts";
import { withKnown } from "../conformance/known.ts";
import { type ScenarioResult, verdictOf } from "../conformance/result.ts";
import { NO_TIME } from "../conformance/run-time.ts";
import { isFor, select } from "../conformance/select.ts";
import { createProgress, type Progress } from "../report/progress.ts";
import type { RunInfo } from "../report/run-info.ts";
import { SIDES, type Side, type Transcript } from "../transcript/transcript.ts";
import { readKnown } from "./known-list.ts";
import type { Options } from "./options.ts";
import { packageVersion } from "./package-files.ts";
import { spaceFor, writeReports } from "./report-files.ts";

/** All scenarios, by any key. */
export type Transcripts = ReadonlyMap<string, Transcript>;

/**
 * Reports the results of `run`.
 *
 * @returns the exit code
 */
export async function reported(
  transcripts: Transcripts,
  side: Side,
  options: Options,
  run: (onResult: (result: ScenarioResult) => void) => Promise<ScenarioResult[]>,
): Promise<number> {
  // Covers both sides, because they may share a list.
  const canFail = [...transcripts.values()].filter(
    (each) => each.quirk === undefined && SIDES.some((one) => isFor(each, one)),
  );
  const known = await readKnown(options.known, canFail);
  const total = select([...transcripts.values()], side, options).length;
  if (total === 0) {
    process.stderr.write("No scenario was selected.\n");
    return 2;
  }
  // Starts the report only when the server is there: an empty report would hide the error.
  let begun: Progress | undefined;
  const facts = await runInfo(side, options);
  const progress = () => {
    begun ??= createProgress({
      format: options.format,
      total,
      run: facts,
      space: spaceFor(options.reports, process.stdout.columns),
      out: process.stdout,
      status: process.stderr,
    });
    return begun;
  };
  try {
    const results = await run((result) => progress().result(withKnown([result], known)[0]!));
    const judged = withKnown(results, known);
    progress().end(judged);
    await writeReports(options.reports, judged, facts);
    return exitCode(judged, options);
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

async function runInfo(side: Side, options: Options): Promise<RunInfo> {
  return {
    implementation: options.name ?? `a ${side} under test`,
    side,
    medium: options.batch ? "HTTP batch" : "WebSocket",
    kit: await packageVersion(),
    profile: options.profile,
    strict: options.strict,
  };
}

function exitCode(results: readonly ScenarioResult[], options: Options): number {
  const gap = gapIn(results, options);
  if (gap !== undefined) {
    process.stderr.write(`${gap}\n`);
    return 1;
  }
  return results.some((each) => verdictOf(each) === "failed") ? 1 : 0;
}

/** The reason, if there is one, for which a run without failures is no success. */
function gapIn(
  results: readonly ScenarioResult[],
  { partial, total }: Options,
): string | undefined {
  const count = (reason: string) => results.filter(({ skipped }) => skipped === reason).length;
  const late = count(NO_TIME);
  if (late > 0) {
    return (
      `The run had ${total / 1000} s, and ${late} of ${results.length} scenarios weren't over by ` +
      "then. Give it more with --total, or choose fewer scenarios."
    );
  }
  if (results.every((each) => verdictOf(each) === "skipped")) return "No scenario was run.";
  const missed = count(NOT_RUN);
  if (missed === 0 || partial) return undefined;
  return (
    `The client didn't run ${missed} of ${results.length} scenarios. Choose those that it has to ` +
    "run with --features, --skip, --only, --exclude or --batch, or allow it with --partial."
  );
}
