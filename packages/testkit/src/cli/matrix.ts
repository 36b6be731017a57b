import { access, readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { type JsonReport, parseJsonReport } from "../report/json.ts";
import { matrixOf } from "../report/matrix.ts";
import { formatMatrix } from "../report/matrix-formats.ts";
import { UsageError } from "./usage-error.ts";

/** The text that `matrix --help` prints. */
export const MATRIX_USAGE = `Usage:
  capnweb-testkit matrix <file>...   compares reports that --report json=file wrote. A page of HTML
                                     links to a.html for a.json, if there is such a file

Options:
  --format f   markdown or html (default markdown)
  --help
`;

/**
 * Runs `matrix` with the given arguments.
 *
 * @returns the exit code
 */
export async function matrixCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = parse(args);
  if (values.help) {
    process.stdout.write(MATRIX_USAGE);
    return 0;
  }
  const format = values.format;
  if (format !== "markdown" && format !== "html") {
    throw new UsageError(`There is no format ${format}.`);
  }
  if (positionals.length === 0) throw new UsageError("Name the JSON reports to compare.");
  const reports = await Promise.all(positionals.map(readReport));
  const pages = await Promise.all(positionals.map(pageBeside));
  process.stdout.write(formatMatrix(matrixOf(reports), format, pages));
  return 0;
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        format: { type: "string", default: "markdown" },
        help: { type: "boolean", default: false },
      },
    });
  } catch (cause) {
    throw new UsageError((cause as Error).message, { cause });
  }
}

async function readReport(path: string): Promise<JsonReport> {
  try {
    return parseJsonReport(await readFile(path, "utf8"));
  } catch (cause) {
    throw new UsageError(`Can't read ${path}: ${(cause as Error).message}`, { cause });
  }
}

/** The report of HTML beside a report of JSON, if there is one. */
async function pageBeside(path: string): Promise<string | undefined> {
  const page = path.replace(/\.json$/, ".html");
  if (page === path) return undefined;
  return await access(page).then(
    () => page,
    () => undefined,
  );
}
