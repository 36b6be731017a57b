// The browsers, and the way to run a page in each.
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";
import puppeteer from "puppeteer-core";
import { chromiumOptions } from "../../scripts/chromium.mjs";

/** The paths where Debian and others install Firefox. */
const FIREFOXES = ["/usr/bin/firefox-esr", "/usr/bin/firefox"];

/** Starts each browser, by name. Playwright drives only a Firefox that it ships itself. */
export const BROWSERS = {
  async chromium() {
    const browser = await chromium.launch(chromiumOptions());
    return { newPage: () => browser.newPage(), close: () => browser.close() };
  },

  async firefox() {
    const browser = await puppeteer.launch({
      browser: "firefox",
      executablePath: findFirefox(),
      headless: true,
    });
    return { newPage: () => browser.newPage(), close: () => browser.close() };
  },
};

/**
 * The path of Firefox. `FIREFOX` names another.
 *
 * @throws Error if there is none
 */
function findFirefox() {
  const found = [process.env["FIREFOX"], ...FIREFOXES].find((path) => path && existsSync(path));
  if (found === undefined) {
    throw new Error("No Firefox was found. Install it, or set FIREFOX to its path.");
  }
  return found;
}
