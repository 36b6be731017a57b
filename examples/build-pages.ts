import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const EXAMPLES = fileURLToPath(new URL(".", import.meta.url));

/** Builds the pages of the examples, as their `npm start` does. */
export function setup(): void {
  for (const name of readdirSync(EXAMPLES)) {
    const cwd = `${EXAMPLES}${name}`;
    if (!existsSync(`${cwd}/vite.config.ts`)) continue;
    const vite = `${cwd}/node_modules/vite/bin/vite.js`;
    execFileSync(process.execPath, [vite, "build", "--logLevel", "warn"], {
      cwd,
      stdio: "inherit",
    });
  }
}
