/** A table of texts: a heading for each column, and rows with as many cells. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Formats a table as Markdown. Numbers, in every column but the first, are aligned right. */
export function asMarkdown({ columns, rows }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const rule = columns.map((_, i) => (i === 0 ? "---" : "---:"));
  return [line(columns), `|${rule.join("|")}|`, ...rows.map(line)].join("\n");
}

/** Formats a table as Markdown with columns of equal width, as the formatter does in pages. */
export function asAlignedMarkdown(table: Table): string {
  const [heading, ...rows] = aligned(table);
  const rule = heading!.map(({ length }, i) =>
    i === 0 ? "-".repeat(length) : `${"-".repeat(length - 1)}:`,
  );
  return [heading!, rule, ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** Formats a table in columns, for a terminal. */
export function asText(table: Table): string {
  return aligned(table)
    .map((row) => `  ${row.join("  ")}`.trimEnd())
    .join("\n");
}

/** The heading and the rows, with cells padded to the width of their columns. */
function aligned({ columns, rows }: Table): string[][] {
  const all = [columns, ...rows];
  const widths = columns.map((_, i) => Math.max(...all.map((row) => row[i]!.length)));
  return all.map((row) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))),
  );
}
