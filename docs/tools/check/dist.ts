import { existsSync, readdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { ROOT } from "../../.vitepress/site/address.ts";

/** The folder of the site that was built. */
export const DIST = join(ROOT, "docs/.vitepress/dist");

/** The files of the site with an extension, by their paths in it. */
export function filesOf(extension: string): string[] {
  return readdirSync(DIST, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(extension))
    .map((entry) => relative(DIST, join(entry.parentPath, entry.name)));
}

/** The file that a server sends for a path of the site, if there is one. */
export function fileAt(path: string): string | undefined {
  return [path, `${path}.html`, `${path}index.html`].find(
    (file) => existsSync(join(DIST, file)) && statSync(join(DIST, file)).isFile(),
  );
}
