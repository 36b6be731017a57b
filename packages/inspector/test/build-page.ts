import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Builds the page, which routes and proxies serve. */
export function setup(): void {
  execFileSync(process.execPath, [fileURLToPath(new URL("../build-page.mjs", import.meta.url))]);
}
