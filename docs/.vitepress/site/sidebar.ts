import type { DefaultTheme } from "vitepress";
import { type Entry, type Folder, type Group, NAVIGATION } from "./navigation.ts";
import { type Page, summaryOf, textOf } from "./pages.ts";

/** The groups that are open on pages of other groups. */
const OPEN = new Set(["Start", "Guide"]);

/** The sidebar of all pages but the API reference. Entries whose page is missing are left out. */
export function sidebarOf(pages: readonly Page[]): DefaultTheme.SidebarItem[] {
  const groups = NAVIGATION.map(({ text, entries }) => ({
    text,
    collapsed: !OPEN.has(text),
    items: entries.flatMap((entry) => itemsOf(entry, pages)),
  }));
  return groups.filter(({ items }) => items.length > 0);
}

function itemsOf(entry: Entry | Folder, pages: readonly Page[]): DefaultTheme.SidebarItem[] {
  return pagesOf(entry, pages).map((page) => ({
    text: "text" in entry ? entry.text : summaryOf(textOf(page.source)).title,
    link: `/${page.route}`,
  }));
}

/** The pages of an entry: one, or those in its folder. */
export function pagesOf(entry: Entry | Folder, pages: readonly Page[]): Page[] {
  return pages.filter(({ source }) =>
    "folder" in entry ? source.startsWith(entry.folder) : source === entry.path,
  );
}

/** The first page of a group that exists. */
export function firstOf(text: Group["text"], pages: readonly Page[]): string | undefined {
  const group = NAVIGATION.find((each) => each.text === text);
  const [page] = (group?.entries ?? []).flatMap((entry) => pagesOf(entry, pages));
  return page && `/${page.route}`;
}
