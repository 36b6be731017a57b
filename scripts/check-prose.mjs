// Lints the prose of pages and comments: the width of lines (in packages of all lines), openings
// with a relative clause instead of a noun, and people that stand for components. In pages also
// long sentences, pronouns without a noun, openings other than a sentence, and links that lead
// nowhere.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "./packages.mjs";
import { anchorsOf, blocksOf, linksOf, sentencesOf } from "./prose.mjs";

const WIDTH = 100;
const TOO_WIDE = `over ${WIDTH} columns`;
/** The most words of a sentence in a page; an inline piece of code counts as one. */
const LONGEST_SENTENCE = 35;
const FOLDERS = ["packages", "interop", "benchmarks", "scripts", "examples", "docs", ".changeset"];
const SKIPPED = new Set(["node_modules", "dist", "fuzz-findings", "coverage", "generated"]);
/** Written by programs: figures, and changesets put together. */
const GENERATED = /^docs\/benchmarks\.md$|CHANGELOG\.md$/;
/** Written by programs, with lines as long as the figures in them. */
const LONG_LINES = /^docs\/(limits|load|sizes|interop|runtimes)\.md$/;
const CODE = /\.(ts|mts|mjs|cjs)$/;
/** Code whose lines are checked as well: the formatter doesn't break long texts. */
const PACKAGE_CODE = /^packages\/[^/]+\/src\//;

/**
 * Openings of doc comments. "The peer's main object", not "What the peer gets as its main stub".
 */
const CLAUSE =
  /^((About|As|At|By|For|From|In|Of|On|To|With) )?(What|Whatever|Who|Whoever|Where|When|Whether|Which|Why|How)\b(?!.*\?)/i;
const PEOPLE = /\b(somebody|nobody|whoever|anybody|everybody)\b/i;
/** Openings of sentences in pages. "When" and "where" may open a sentence there. */
const RELATIVE = /^(What|Whatever|Who|Whoever)\b/;
/** Phrases that make a reader look back for the noun, or for the exception. */
const VAGUE =
  /\bthat one\b|\bof these(?=[.,;:)]| (is|are|has|have|can|may|do)\b)|\bbut for\b|\bfor who\b/i;

/** Links of package READMEs into the repository; published pages have no files beside them. */
const REPOSITORY = /^https:\/\/github\.com\/capnweb-ts\/capnweb-ts\/(?:blob|tree)\/main\//;

const found = [];
for (const file of [...FOLDERS.flatMap((folder) => [...filesIn(folder)]), ...rootPages()]) {
  const text = readFileSync(join(root, file), "utf8");
  const isPage = !CODE.test(file);
  if (isPage) {
    checkSentences(file, text);
    checkLinks(file, text);
  }
  if (PACKAGE_CODE.test(file)) checkWidth(file, text);
  const check = isPage ? pageLines : commentsOf;
  for (const { line, words, isOpening } of check(text)) {
    const say = (problem) => found.push(`${file}:${line}: ${problem}`);
    const isChecked = !PACKAGE_CODE.test(file) && !LONG_LINES.test(file);
    if (isChecked && isTooWide(words)) say(TOO_WIDE);
    const said = words.replace(/^[\s/*]+/, "");
    if (isOpening && CLAUSE.test(said)) say(`opens with a clause, not with a noun: ${said}`);
    const person = PEOPLE.exec(said)?.[0];
    if (person) say(`"${person}": name the component`);
  }
}
for (const problem of found) console.error(problem);
console.log(`${found.length} problems with prose`);
process.exitCode = found.length > 0 ? 1 : 0;

function isTooWide(line) {
  return line.length > WIDTH && !/https?:|\.md[)#]/.test(line);
}

function checkWidth(file, text) {
  for (const [i, line] of text.split("\n").entries()) {
    if (isTooWide(line)) found.push(`${file}:${i + 1}: ${TOO_WIDE}`);
  }
}

function checkSentences(file, text) {
  const say = (line, problem) => found.push(`${file}:${line}: ${problem}`);
  const [title, opening] = blocksOf(text);
  // Changesets have no title.
  if (title?.kind === "heading" && opening?.kind !== "paragraph") {
    say(title.line, "doesn't open with a sentence that says what the reader gets");
  }
  for (const { line, words, kind } of blocksOf(text)) {
    for (const sentence of sentencesOf(words)) {
      const start = sentence.slice(0, 60);
      const length = sentence.split(/\s+/).length;
      if (length > LONGEST_SENTENCE) say(line, `${length} words in a sentence: ${start}…`);
      if (RELATIVE.test(sentence) && !sentence.endsWith("?")) {
        say(line, `a ${kind} opens with a clause, not with a noun: ${start}`);
      }
      const vague = VAGUE.exec(sentence)?.[0];
      if (vague) say(line, `"${vague}": name the thing`);
    }
  }
}

function checkLinks(file, text) {
  for (const { line, target } of linksOf(text)) {
    const isOwn = REPOSITORY.test(target);
    if (/^\w+:/.test(target) && !isOwn) continue;
    const [path, anchor] = target.replace(REPOSITORY, "").split("#");
    const page = path === "" ? file : join(isOwn ? "" : dirname(file), path);
    const place = join(root, page);
    const isMissing =
      !existsSync(place) ||
      (anchor !== undefined && !anchorsOf(readFileSync(place, "utf8")).includes(anchor));
    if (isMissing) found.push(`${file}:${line}: no such page or heading: ${target}`);
  }
}

function* filesIn(folder) {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory() && !SKIPPED.has(entry.name)) yield* filesIn(path);
    else if ((CODE.test(path) || path.endsWith(".md")) && !GENERATED.test(path)) yield path;
  }
}

function rootPages() {
  return readdirSync(root).filter((name) => name.endsWith(".md"));
}

/** The lines of comments, with the first line of each doc comment marked. */
function* commentsOf(text) {
  let isInside = false;
  let isNext = false;
  for (const [i, words] of text.split("\n").entries()) {
    const opens = /^\s*\/\*\*/.test(words);
    if (opens) isInside = isNext = true;
    const hasWords = /[A-Za-z`]/.test(words.replace(/^\s*(\/\*\*|\*|\/\/)/, ""));
    const isOpening = isInside && isNext && hasWords;
    if (isInside || /^\s*\/\//.test(words)) yield { line: i + 1, words, isOpening };
    if (isOpening) isNext = false;
    if (words.includes("*/")) isInside = false;
  }
}

/** The lines of a page, without code and tables. */
function* pageLines(text) {
  let isCode = false;
  for (const [i, words] of text.split("\n").entries()) {
    if (words.startsWith("```")) isCode = !isCode;
    else if (!isCode && !words.startsWith("|")) yield { line: i + 1, words, isOpening: false };
  }
}
