import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { blocksOf } from "../../../scripts/prose.mjs";
import { GENERATED, ROOT } from "./address.ts";

/** A page of the site. */
export interface Page {
  /** The path of its Markdown in the repository. */
  readonly source: string;
  /** The path in the site, such as `guide/streams`, or `guide/` for the index of a folder. */
  readonly route: string;
}

const AT_ROOT = ["SECURITY.md", "ARCHITECTURE.md", "CONTRIBUTING.md"];

/** Every page, without the home page's dependencies on the others. */
export function findPages(): Page[] {
  const docs = markdownIn("docs");
  const folders = new Set(docs.map((path) => path.slice(0, path.lastIndexOf("/"))));
  // The READMEs of packages are in this folder.
  folders.add("docs/packages");
  const readmes = readdirSync(join(ROOT, "packages"))
    .map((name) => `packages/${name}/README.md`)
    .filter((path) => existsSync(join(ROOT, path)));
  return [...docs, ...readmes, ...AT_ROOT].map((source) => ({
    source,
    route: routeOf(source, folders),
  }));
}

/**
 * A page beside a folder of the same name becomes the folder's index, because servers of static
 * files disagree on which of the two an address without a slash means.
 */
function routeOf(source: string, folders: ReadonlySet<string>): string {
  if (source.startsWith(GENERATED)) {
    return source
      .slice(GENERATED.length)
      .replace(/\.md$/, "")
      .replace(/(^|\/)index$/, "$1");
  }
  if (source.startsWith("packages/")) return source.replace("/README.md", "");
  if (!source.startsWith("docs/")) return source.replace(".md", "").toLowerCase();
  const name = source.slice("docs/".length, -".md".length);
  if (name === "index") return "";
  return folders.has(`docs/${name}`) ? `${name}/` : name;
}

/** The path that VitePress is to write a page to, with `.md` in place of `.html`. */
export function outputOf({ route }: Page): string {
  return route === "" || route.endsWith("/") ? `${route}index.md` : `${route}.md`;
}

function markdownIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true })
    .filter(({ name }) => !name.startsWith(".") && name !== "node_modules")
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return markdownIn(path);
      return path.endsWith(".md") ? [path] : [];
    })
    .sort();
}

/** The text of a page. */
export function textOf(source: string): string {
  return readFileSync(join(ROOT, source), "utf8");
}

/** The title of a page, and its first paragraph as plain text. */
export function summaryOf(text: string): { title: string; description: string } {
  const blocks = blocksOf(text);
  const title = blocks.find(({ kind }) => kind === "heading")?.words ?? "";
  const description = blocks.find(({ kind }) => kind === "paragraph")?.words ?? "";
  return { title: plain(title), description: firstSentences(plain(description)) };
}

function plain(words: string): string {
  return words
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/[`*]|\b_|_\b/g, "")
    .replace(/\\(.)/g, "$1");
}

/** Search engines show about 160 characters. */
const LONGEST = 170;

function firstSentences(words: string): string {
  const [first = "", ...more] = words.split(/(?<=[.!?:])\s+/);
  let result = first;
  for (const sentence of more) {
    if (result.length + sentence.length + 1 > LONGEST) break;
    result += ` ${sentence}`;
  }
  return result.replace(/:$/, ".");
}
