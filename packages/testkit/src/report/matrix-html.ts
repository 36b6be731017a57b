import { groupOf, titleOfGroup } from "../conformance/order.ts";
import { VERDICTS, type Verdict } from "../conformance/result.ts";
import { escaped } from "./escape.ts";
import { MATRIX_STYLE } from "./html-style.ts";
import { MARKS } from "./marks.ts";
import { type Column, isFailing, type Matrix, type MatrixRow } from "./matrix.ts";

/** The URL of the HTML report of each column, if there is one. */
type Pages = readonly (string | undefined)[];

/**
 * A page of HTML with every scenario and implementation. It refers to no other file, except for
 * links to the reports.
 */
export function matrixHtml({ columns, rows }: Matrix, pages: Pages): string {
  const legend = VERDICTS.map((each) => `${MARKS[each]} ${each}`).join(", ");
  const width = columns.length + 1;
  const groups = [...new Set(rows.map(({ id }) => groupOf(id)))].map((group) => {
    const own = rows.filter(({ id }) => groupOf(id) === group);
    const title = `<th scope="rowgroup" colspan="${width}">${escaped(titleOfGroup(group))}`;
    const lines = own.map((row) => `<tr${fineness(row)}>${cellsOf(row, pages)}`);
    return `<tbody><tr${fineness(...own)}>${title}\n${lines.join("\n")}`;
  });
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Cap'n Web: conformance of implementations</title>
<style>${MATRIX_STYLE}</style>
<main>
<h1>Conformance of implementations</h1>
<p>${legend}</p>
<fieldset>
<label><input type="checkbox" id="only-failing"> only failing scenarios</label>
</fieldset>
<table>
<thead><tr><th>scenario${columns.map((each, i) => head(each, pages[i])).join("")}
<tbody>
${counts(columns)}
${groups.join("\n")}
</table>
</main>
</html>
`;
}

function head({ implementation, role }: Column, page: string | undefined): string {
  const name = escaped(implementation);
  const title = page === undefined ? name : `<a href="${escaped(page)}">${name}</a>`;
  return `<th scope="col">${title}<br><small>${escaped(role)}</small>`;
}

/** The numbers of passed and failed scenarios. */
function counts(columns: readonly Column[]): string {
  const row = (title: string, verdict: Verdict, count: (of: Column["counts"]) => number) => {
    const cells = columns.map(({ counts: of }) => `<td class="${verdict}">${count(of)}`);
    return `<tr><th scope="row">${title}${cells.join("")}`;
  };
  return [
    row("passed or non-strict", "passed", (of) => of.passed + of["non-strict"]),
    row("failed", "failed", (of) => of.failed + of.known),
  ].join("\n");
}

/** Marks a line that is hidden while only failures are shown. */
function fineness(...rows: readonly MatrixRow[]): string {
  return rows.some(isFailing) ? "" : ' class="fine"';
}

function cellsOf({ id, name, verdicts }: MatrixRow, pages: Pages): string {
  const cells = verdicts.map((verdict, i) => {
    if (verdict === undefined) return '<td class="none">';
    const page = pages[i];
    const isLinked = page !== undefined && (verdict === "failed" || verdict === "known");
    const mark = isLinked
      ? `<a href="${escaped(page)}#${id}">${MARKS[verdict]}</a>`
      : MARKS[verdict];
    return `<td class="${verdict}" title="${verdict}">${mark}`;
  });
  const title = escaped(name);
  return `<th scope="row" title="${title}">${id} <span>${title}</span>${cells.join("")}`;
}
