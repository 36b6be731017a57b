import { join } from "node:path";
import type { Plugin } from "vite";
import { ROOT } from "./address.ts";

/** Pages outside of `docs/`, such as READMEs, find the dependencies of the site there. */
export function resolveFromDocs(): Plugin {
  const inDocs = join(ROOT, "docs/index.md");
  return {
    name: "resolve-from-docs",
    enforce: "pre",
    async resolveId(id, importer, options) {
      if (!importer?.endsWith(".md") || !/^vue(\/|$)/.test(id)) return null;
      return await this.resolve(id, inDocs, { ...options, skipSelf: true });
    },
  };
}
