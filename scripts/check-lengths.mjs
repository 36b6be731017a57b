// Keeps the files and functions of `core` short enough to be read at once: fails for a file of over
// 300 lines, and for a function of over 60. A function's doc comment doesn't count, and functions
// inside of it do.
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { root } from "./packages.mjs";

const MOST_LINES = { file: 300, function: 60 };
const SOURCES = join(root, "packages/core/src");

// The newest compiler has no API for programs yet; the one for the tests of `core`'s types has.
const ts = createRequire(join(root, "packages/core/package.json"))("typescript-5.9");

const files = readdirSync(SOURCES, { recursive: true }).filter((name) => name.endsWith(".ts"));
let failures = 0;
let functions = 0;
for (const name of files) {
  const text = readFileSync(join(SOURCES, name), "utf8");
  const source = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
  limit("file", name, 1, text.trimEnd().split("\n").length);
  visit(source, source);
}
console.log(`${files.length} files, ${functions} functions, ${failures} too long`);
process.exitCode = failures > 0 ? 1 : 0;

function visit(node, source) {
  if (ts.isFunctionLike(node) && node.body) {
    functions++;
    const lineAt = (position) => source.getLineAndCharacterOfPosition(position).line + 1;
    const first = lineAt(node.getStart(source));
    limit("function", source.fileName, first, lineAt(node.getEnd()) - first + 1);
  }
  ts.forEachChild(node, (child) => visit(child, source));
}

function limit(kind, name, line, lines) {
  if (lines <= MOST_LINES[kind]) return;
  failures++;
  console.error(
    `packages/core/src/${name}:${line}: a ${kind} of ${lines} lines, over ${MOST_LINES[kind]}`,
  );
}
