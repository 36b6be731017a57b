import { HABITS } from "../conformance/habits.ts";
import { groupOf, titleOfGroup } from "../conformance/order.ts";
import { type ScenarioResult, VERDICTS, verdictOf } from "../conformance/result.ts";
import { alignedRows, type Row } from "./align.ts";
import { escaped } from "./escape.ts";
import { REPORT_STYLE } from "./html-style.ts";
import type { RunInfo } from "./run-info.ts";

const PROTOCOL = "https://github.com/capnweb-ts/capnweb-ts/blob/main/docs/protocol.md";
/** Most characters of a message. A JSON report has all. */
const LENGTH = 20_000;

/** Results of a group of ids. */
type Group = readonly [id: string, results: readonly ScenarioResult[]];

/** A report as a page of HTML, with the messages of each scenario. It refers to no other file. */
export function html(results: readonly ScenarioResult[], run: RunInfo): string {
  const title = `${run.implementation}: ${run.side}, ${run.medium}`;
  const facts = [
    `Conformance kit ${run.kit}`,
    run.profile && `profile ${run.profile}`,
    run.strict && "strict",
  ];
  const groups = groupsOf(results);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<style>${REPORT_STYLE}</style>
<main>
<h1>${escaped(title)}</h1>
<p>${escaped(facts.filter(Boolean).join(", "))}</p>
<fieldset><legend>Show</legend>
${filters(results)}
</fieldset>
<table class="overview">
${groups.map(overview).join("\n")}
</table>
${groups.map(section).join("\n")}
</main>
</html>
`;
}

/** The results by the group of their ids, in the order of the results. */
function groupsOf(results: readonly ScenarioResult[]): Group[] {
  const groups = new Map<string, ScenarioResult[]>();
  for (const each of results) {
    const group = groupOf(each.id);
    groups.set(group, [...(groups.get(group) ?? []), each]);
  }
  return [...groups];
}

/** A switch for each verdict, with the number of its results. The style acts on it. */
function filters(results: readonly ScenarioResult[]): string {
  return VERDICTS.flatMap((verdict) => {
    const count = results.filter((each) => verdictOf(each) === verdict).length;
    const box = `<input type="checkbox" id="show-${verdict}" checked>`;
    return count === 0 ? [] : [`<label class="${verdict}">${box} ${count} ${verdict}</label>`];
  }).join("\n");
}

/** The row of a group. Its cells are for the eyes: the sections have the same links. */
function overview([group, results]: Group): string {
  const verdicts = results.map((each) => verdictOf(each));
  const passed = verdicts.filter((each) => each === "passed" || each === "non-strict").length;
  const judged = verdicts.filter((each) => each !== "informational" && each !== "skipped").length;
  const cells = results.map((each) => {
    const verdict = verdictOf(each);
    const title = escaped(`${each.id} ${each.name}: ${verdict}`);
    return `<a tabindex="-1" class="${verdict}" href="#${each.id}" title="${title}"></a>`;
  });
  return (
    `<tr><th scope="row"><a href="#${group}">${escaped(titleOfGroup(group))}</a>` +
    `<td>${judged === 0 ? "" : `${passed} of ${judged}`}` +
    `<td class="cells" aria-hidden="true">${cells.join("")}`
  );
}

function section([group, results]: Group): string {
  return `<section>
<h2 id="${group}">${escaped(titleOfGroup(group))}</h2>
${results.map(scenario).join("\n")}
</section>`;
}

function scenario(result: ScenarioResult): string {
  const { id, name, section: anchor, features = [], failure, duration } = result;
  const verdict = verdictOf(result);
  const rule = anchor === undefined ? "" : `<a href="${PROTOCOL}#${anchor}">${anchor}</a>, `;
  const notes = notesOf(result).map((each) => `<p>${escaped(each)}</p>`);
  // The id is inside, because browsers open an element around the target of a link.
  return `<details class="${verdict}"${failure === undefined ? "" : " open"}>
<summary><b>${id}</b> ${escaped(name)} <i>${verdict}</i></summary>
<p class="facts" id="${id}">${rule}${features.join(", ")}, ${duration.toFixed(0)} ms</p>
${notes.join("")}${exchange(alignedRows(result), failure !== undefined)}
</details>`;
}

function notesOf(result: ScenarioResult): string[] {
  const { failure, difference, known, skipped, informational, habits = [] } = result;
  const notes = [failure, difference, known, skipped, informational];
  return [...notes, ...habits.map((each) => HABITS[each])].filter((each) => each !== undefined);
}

/** @param isFailed true to show the recorded messages that didn't come */
function exchange(rows: readonly Row[], isFailed: boolean): string {
  const shown = rows.filter(({ actual }) => isFailed || actual !== undefined);
  if (shown.length === 0) return "";
  const lines = shown.map(({ from, actual, expected }) => {
    if (from === "kit") return `<tr><th scope="row">kit<td colspan="2">${cell(actual)}`;
    const isMeant = actual === expected || (expected === undefined && !isFailed);
    const differs = isMeant ? "" : ' class="differs"';
    const recorded = expected === undefined && !isFailed ? "" : cell(expected);
    return `<tr${differs}><th scope="row">peer<td>${recorded}<td>${cell(actual)}`;
  });
  const head = '<tr><td><th scope="col">recorded<th scope="col">sent';
  return `<table class="exchange">${head}\n${lines.join("\n")}</table>`;
}

function cell(text: string | undefined): string {
  if (text === undefined) return "<i>nothing</i>";
  if (text.length <= LENGTH) return `<code>${escaped(text)}</code>`;
  const cut = escaped(text.slice(0, LENGTH));
  return `<code>${cut}</code> <i>… ${text.length} characters, whole in --report json=file</i>`;
}
