import { existsSync } from "node:fs";

/** The paths where Debian and others install a browser. */
const BROWSERS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * The options with which Playwright starts Chromium. `CHROMIUM` names its path.
 *
 * @throws Error if there is none
 */
export function chromiumOptions() {
  const found = [process.env["CHROMIUM"], ...BROWSERS].find((path) => path && existsSync(path));
  if (found === undefined) {
    throw new Error("No Chromium was found. Install it, or set CHROMIUM to its path.");
  }
  return { executablePath: found, args: FLAGS };
}
