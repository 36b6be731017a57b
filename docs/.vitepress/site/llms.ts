import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { GENERATED, REPOSITORY, SITE } from "./address.ts";
import type { Links } from "./links.ts";
import { HOME, NAVIGATION } from "./navigation.ts";
import { type Page, summaryOf, textOf } from "./pages.ts";
import { pagesOf } from "./sidebar.ts";

/**
 * Writes each page as Markdown beside its HTML, with addresses in place of relative links;
 * `llms.txt`, which lists these files; and `llms-full.txt`, which has all but the API reference.
 */
export function writeMarkdown(directory: string, pages: readonly Page[], links: Links): void {
  for (const page of pages) {
    const file = join(directory, markdownPathOf(page));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, withAddresses(page, links));
  }
  const home = pages.filter(({ source }) => source === HOME);
  const groups = NAVIGATION.map(({ text, entries }) => ({
    text,
    pages: entries.flatMap((entry) => pagesOf(entry, pages)),
  })).filter((group) => group.pages.length > 0);
  const api = pages.filter(({ source }) => source.startsWith(GENERATED));
  const all = [...groups, { text: "API reference", pages: api }];
  writeFileSync(join(directory, "llms.txt"), `${headerOf(home)}\n${all.map(listOf).join("\n")}`);
  const inOrder = [...home, ...groups.flatMap((group) => group.pages)];
  writeFileSync(
    join(directory, "llms-full.txt"),
    inOrder
      .map((page) => `<!-- ${addressOf(page)} -->\n\n${withAddresses(page, links)}`)
      .join("\n\n"),
  );
}

/** The path of a page's Markdown in the site. */
export function markdownPathOf({ route }: Page): string {
  return route === "" ? "index.md" : `${route.replace(/\/$/, "")}.md`;
}

const addressOf = (page: Page) => `${SITE}${markdownPathOf(page)}`;

function headerOf([home]: readonly Page[]): string {
  const { title, description } = summaryOf(home ? textOf(home.source) : "");
  return `# @capnweb\n\n> ${title}. ${description}\n`;
}

function listOf({ text, pages }: { text: string; pages: readonly Page[] }): string {
  const lines = pages.map((page) => {
    const { title, description } = summaryOf(textOf(page.source));
    return `- [${title}](${addressOf(page)})${description === "" ? "" : `: ${description}`}\n`;
  });
  return `## ${text}\n\n${lines.join("")}`;
}

/** The Markdown of a page, without components, whose links work wherever the text is pasted. */
function withAddresses({ source }: Page, links: Links): string {
  const text = textOf(source)
    .replace(/^---\n[\s\S]*?\n---\n+/, "")
    .replace(/^<\/?[A-Z]\w*( \/)?>\n\n?/gm, "");
  const parts = text.split(/(^```[\s\S]*?^```$|`[^`\n]*`)/m);
  return parts
    .map((part, i) =>
      // Code is at the odd places.
      i % 2 === 1
        ? part
        : part
            .replace(/(\]\()([^)\s]+)(\))/g, (_, open, href, close) => {
              return open + addressIn(source, href, links) + close;
            })
            .replace(/((?:src|srcset)=")([^"]+)(")/g, (_, open, href, close) => {
              return open + addressIn(source, href, links) + close;
            }),
    )
    .join("");
}

function addressIn(source: string, href: string, links: Links): string {
  const target = links.resolve(source, href);
  if (target.kind === "page") return `${addressOf(target.page)}${target.hash}`;
  if (target.kind === "other") return href;
  return /\.(svg|png)$/.test(target.path) ? `${REPOSITORY}/raw/main/${target.path}` : target.url;
}
