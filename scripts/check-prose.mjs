// Lints what can be linted of the prose in docs and comments: the width of lines, doc comments that
// open with a relative clause instead of a noun, and people that stand for components.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./packages.mjs";

const WIDTH = 100;
const FOLDERS = ["packages", "interop", "benchmarks", "scripts", "examples", "docs"];
const SKIPPED = new Set(["node_modules", "dist", "fuzz-findings", "coverage"]);
/** Written by programs, with long lines. */
const GENERATED = /^docs\/(benchmarks|limits|sizes|interop)\.md$|CHANGELOG\.md$/;
const CODE = /\.(ts|mts|mjs|cjs)$/;

/**
 * Openings of doc comments. "The peer's main object", not "What the peer gets as its main stub".
 */
const CLAUSE = /^(What|Whatever|Who|Whoever|Where|When|How)\b(?!.*\?)/;
const PEOPLE = /\b(somebody|nobody|whoever|anybody|everybody)\b/i;

const found = [];
for (const file of [...FOLDERS.flatMap((folder) => [...filesIn(folder)]), ...rootPages()]) {
  const text = readFileSync(join(root, file), "utf8");
  const check = CODE.test(file) ? commentsOf : pageLines;
  for (const { line, words, isOpening } of check(text)) {
    const say = (problem) => found.push(`${file}:${line}: ${problem}`);
    if (words.length > WIDTH && !/https?:|\.md[)#]/.test(words)) {
      say(`over ${WIDTH} columns`);
    }
    const said = words.replace(/^[\s/*]+/, "");
    if (isOpening && CLAUSE.test(said)) say(`opens with a clause, not with a noun: ${said}`);
    const person = PEOPLE.exec(said)?.[0];
    if (person) say(`"${person}": name the component`);
  }
}
for (const problem of found) console.error(problem);
console.log(`${found.length} problems with prose`);
process.exitCode = found.length > 0 ? 1 : 0;

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
