import { posix, relative, sep } from "node:path";
import { slug } from "github-slugger";
import type { MarkdownRenderer } from "vitepress";
import { ROOT, SITE } from "./address.ts";
import type { Links } from "./links.ts";
import { outputOf } from "./pages.ts";

/** The anchor of a heading, as the forge makes it: links work in both places. */
export function anchorOf(heading: string): string {
  return slug(heading);
}

/**
 * Makes links between files of the repository lead to pages of the site, or else to the files at
 * the forge.
 */
export function rewriteLinks(md: MarkdownRenderer, links: Links): void {
  md.core.ruler.push("links_of_repository", ({ tokens, env }) => {
    const source = relative(ROOT, env.realPath ?? env.path)
      .split(sep)
      .join(posix.sep);
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      if (token.type !== "link_open") continue;
      const href = token.attrGet("href") ?? "";
      const target = links.resolve(source, href);
      // A forge has no API reference, so pages lead to that of the site.
      if (href.startsWith(SITE)) token.attrSet("href", `/${href.slice(SITE.length)}`);
      if (target.kind === "page") {
        token.attrSet("href", `/${outputOf(target.page)}${target.hash}`);
      } else if (target.kind === "repository") {
        token.attrSet("href", target.url);
      }
    }
  });
}

const PICTURE =
  /<picture>\s*<source media="\(prefers-color-scheme: dark\)" srcset="([^"]+)">\s*<img\s+src="([^"]+)"([^>]*)>\s*<\/picture>/g;

/**
 * Shows pictures in the colours of the page. A forge follows the system; a reader of the site may
 * choose.
 */
export function followTheme(md: MarkdownRenderer): void {
  md.core.ruler.push("pictures_in_colours", ({ tokens }) => {
    for (const token of tokens) {
      if (token.type !== "html_block") continue;
      token.content = token.content.replace(
        PICTURE,
        (_, dark: string, light: string, attributes: string) =>
          `<img class="in-light" src="./${light}"${attributes}>` +
          `<img class="in-dark" src="./${dark}"${attributes}>`,
      );
    }
  });
}
