import { GENERATED } from "../../.vitepress/site/address.ts";
import { HOME, NAVIGATION } from "../../.vitepress/site/navigation.ts";
import { findPages } from "../../.vitepress/site/pages.ts";
import { pagesOf } from "../../.vitepress/site/sidebar.ts";

/** Pages that the navigation lacks, and entries of the navigation without a page. */
export function strayPages(): string[] {
  const pages = findPages().filter(({ source }) => !source.startsWith(GENERATED));
  const entries = NAVIGATION.flatMap((group) => group.entries);
  const listed = new Set(entries.flatMap((entry) => pagesOf(entry, pages)));
  const lost = pages.filter((page) => page.source !== HOME && !listed.has(page));
  const empty = entries.filter((entry) => pagesOf(entry, pages).length === 0);
  const file = "docs/.vitepress/site/navigation.ts";
  return [
    ...lost.map(({ source }) => `${source} isn't in ${file}`),
    ...empty.map((entry) => `${"path" in entry ? entry.path : entry.folder} is in ${file} only`),
  ];
}
