import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { linksOf } from "../../../scripts/prose.mjs";
import { REPOSITORY, ROOT, SITE } from "../../.vitepress/site/address.ts";
import { DIST, fileAt, filesOf } from "./dist.ts";

/** Addresses in the Markdown of the site, and in llms.txt, that lead to no file. */
export function brokenAddresses(): string[] {
  return [...filesOf(".md"), "llms.txt", "llms-full.txt"].flatMap((file) =>
    linksOf(readFileSync(join(DIST, file), "utf8"))
      .filter(({ target }) => isBroken(target))
      .map(({ line, target }) => `${file}:${line}: ${target}`),
  );
}

function isBroken(target: string): boolean {
  const [address = ""] = target.split("#");
  if (address.startsWith(SITE)) return fileAt(address.slice(SITE.length)) === undefined;
  const path = address.startsWith(`${REPOSITORY}/`)
    ? /^\/(?:blob|tree|raw)\/main\/(.*)$/.exec(address.slice(REPOSITORY.length))?.[1]
    : undefined;
  if (path !== undefined) return !existsSync(join(ROOT, decodeURIComponent(path)));
  return !/^([a-z]+:|$)/.test(address);
}
