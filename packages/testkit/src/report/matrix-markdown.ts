import { VERDICTS } from "../conformance/result.ts";
import { isFailing, type Matrix, type MatrixRow, type Score } from "./matrix.ts";

/**
 * The tables of a matrix for a page in Markdown: the counts, the features, and the scenarios that
 * some implementation fails.
 */
export function matrixMarkdown({ columns, features, rows }: Matrix): string {
  const counts = table(
    ["implementation", "role", ...VERDICTS],
    columns.map(({ implementation, role, counts: of }) => [
      implementation,
      role,
      ...VERDICTS.map((each) => String(of[each])),
    ]),
  );
  const shown = features.map(({ feature }) => feature);
  const byFeature = table(
    ["implementation", "role", ...shown.map((each) => `\`${each}\``)],
    columns.map(({ implementation, role }, i) => [
      implementation,
      role,
      ...features.map(({ scores }) => scoreText(scores[i]!)),
    ]),
  );
  const failing = rows.filter(isFailing);
  const failures = table(
    ["id", "scenario", "fails in"],
    failing.map(({ id, name, verdicts }) => [id, name.replaceAll("|", "\\|"), failsIn(verdicts)]),
  );
  const title = (text: string, lines: string) => `\n## ${text}\n\n${lines}`;
  return [
    title("Verdicts", counts),
    title("Features", byFeature),
    title("Failures", failing.length === 0 ? "No implementation fails a scenario.\n" : failures),
  ]
    .join("")
    .trimStart();

  function failsIn(verdicts: MatrixRow["verdicts"]): string {
    const names = [...new Set(columns.map(({ implementation }) => implementation))];
    const failures = names.map((name) => {
      const ran = columns.flatMap(({ implementation, role }, i) => {
        const verdict = implementation === name ? verdicts[i] : undefined;
        return verdict === undefined || verdict === "skipped" ? [] : [{ role, verdict }];
      });
      const failed = ran.filter(({ verdict }) => verdict === "failed" || verdict === "known");
      if (failed.length === 0) return [];
      if (failed.length === ran.length && ran.length > 1) return [name];
      return [`${name} (${failed.map(({ role }) => role).join("; ")})`];
    });
    return failures.flat().join(", ");
  }
}

function scoreText({ passed, of }: Score): string {
  if (of === 0) return "–";
  return passed === of ? `${of}` : `${passed}/${of}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((cell, i) => Math.max(cell.length, ...rows.map((row) => row[i]!.length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join(" | ")} |\n`;
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |\n`;
  return line(head) + rule + rows.map(line).join("");
}
