import { execFileSync } from "node:child_process";
import { cpSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";
import { BASE, ROOT } from "./address.ts";

const BUILD = join(ROOT, "packages/inspector/build-page.mjs");
const BUILT = join(ROOT, "packages/inspector/dist/page");

/** The path of the page in the site. */
const PATH = "inspector-page/";

const TYPES: Readonly<Record<string, string>> = {
  "index.html": "text/html",
  "page.css": "text/css",
  "page.js": "text/javascript",
};

/** Serves the inspector's page as a part of the site, for the playground. */
export function inspectorPage(): Plugin {
  let isForServer = false;
  return {
    name: "inspector-page",
    configResolved({ build }) {
      isForServer = Boolean(build.ssr);
    },
    buildStart() {
      if (isForServer && existsSync(BUILT)) return;
      execFileSync(process.execPath, [BUILD]);
    },
    configureServer({ middlewares }) {
      middlewares.use((request, response, next) => {
        const name = request.url?.replace(/\?.*/, "").replace(`${BASE}${PATH}`, "") ?? "";
        const type = TYPES[name];
        if (type === undefined) return next();
        response.setHeader("Content-Type", type);
        response.end(readFileSync(join(BUILT, name)));
      });
    },
    // Not as an asset of the bundle: VitePress would take its style sheet for that of the site.
    writeBundle({ dir }) {
      if (!isForServer && dir) cpSync(BUILT, join(dir, PATH), { recursive: true });
    },
  };
}
