import type { DefaultTheme } from "vitepress";
import { GENERATED } from "./address.ts";
import { type Entry, type Folder, type Group, NAVIGATION } from "./navigation.ts";
import { type Page, summaryOf, textOf } from "./pages.ts";

/** The groups that are open on pages of other groups. */
const OPEN = new Set(["Start", "Guide"]);

const API: DefaultTheme.SidebarItem = { text: "API reference", link: "/api/" };

/** The links at the top of every page, each to the first page of a group. */
export function navOf(pages: readonly Page[]): DefaultTheme.NavItem[] {
  const groups = ["Start", "Recipes", "Packages"].flatMap((text) => {
    const link = firstOf(text, pages);
    return link === undefined ? [] : [{ text, link }];
  });
  return [...groups, { text: "API", link: "/api/" }];
}

/** The sidebar of all pages but the API reference. Entries whose page is missing are left out. */
export function sidebarOf(pages: readonly Page[]): DefaultTheme.SidebarItem[] {
  const groups = NAVIGATION.map(({ text, entries }) => ({
    text,
    collapsed: !OPEN.has(text),
    items: entries.flatMap((entry) => itemsOf(entry, pages)),
  }));
  return [...groups.filter(({ items }) => items.length > 0), API];
}

/** The sidebar of the API reference: a group for each package, an item for each module. */
export function apiSidebar(pages: readonly Page[]): DefaultTheme.SidebarItem[] {
  const routes = pages
    .filter(({ source }) => source.startsWith(`${GENERATED}api/`))
    .map(({ route }) => route);
  const packages = new Set(routes.flatMap((route) => route.split("/")[1] || []));
  const groups = [...packages].map((name) => {
    const main = `api/${name}`;
    const entries = routes.filter((route) => route.startsWith(`${main}/`) && route !== `${main}/`);
    const link = routes.includes(main) ? `/${main}` : `/${main}/`;
    const items = entries.map((route) => ({
      text: `${name}/${route.slice(main.length + 1)}`,
      link: `/${route}`,
    }));
    return items.length > 0 ? { text: name, link, items } : { text: name, link };
  });
  return [
    { ...API, items: groups },
    { text: "Guide and packages", link: "/guide/" },
  ];
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

function firstOf(text: Group["text"], pages: readonly Page[]): string | undefined {
  const group = NAVIGATION.find((each) => each.text === text);
  const [page] = (group?.entries ?? []).flatMap((entry) => pagesOf(entry, pages));
  return page && `/${page.route}`;
}
