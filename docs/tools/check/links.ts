import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type HTMLElement, parse } from "node-html-parser";
import { BASE, REPOSITORY, ROOT, SITE } from "../../.vitepress/site/address.ts";
import { DIST, fileAt, filesOf } from "./dist.ts";

/** Links of the site to pages, headings, files and parts of the repository that don't exist. */
export function brokenLinks(): string[] {
  const pages = new Map(
    filesOf(".html").map((file) => [file, parse(readFileSync(join(DIST, file), "utf8"))]),
  );
  const anchors = new Map([...pages].map(([file, page]) => [file, idsOf(page)]));
  return [...pages].flatMap(([file, page]) =>
    [...addressesOf(page)]
      .filter((address) => isBroken(address, file, anchors))
      .map((address) => `${file}: ${address}`),
  );
}

const idsOf = (page: HTMLElement) =>
  new Set(page.querySelectorAll("[id]").map((element) => element.getAttribute("id")));

function addressesOf(page: HTMLElement): Set<string> {
  const links = page.querySelectorAll("a[href]").map((link) => link.getAttribute("href")!);
  const images = page.querySelectorAll("img[src]").map((image) => image.getAttribute("src")!);
  return new Set([...links, ...images]);
}

function isBroken(
  address: string,
  from: string,
  anchors: ReadonlyMap<string, ReadonlySet<string | undefined>>,
): boolean {
  const here = `${SITE}${from.replace(/(index)?\.html$/, "")}`;
  const url = new URL(address, here);
  const inRepository = /^\/(?:blob|tree|edit)\/main\/(.*)$/.exec(
    url.href.startsWith(REPOSITORY) ? url.pathname.slice(new URL(REPOSITORY).pathname.length) : "",
  );
  if (inRepository) return !existsSync(join(ROOT, decodeURIComponent(inRepository[1]!)));
  if (!url.href.startsWith(SITE)) return false;
  const file = fileAt(decodeURIComponent(url.pathname.slice(BASE.length)));
  if (file === undefined) return true;
  return url.hash !== "" && !anchors.get(file)?.has(decodeURIComponent(url.hash.slice(1)));
}
