// The browsers, and how a page is run in one.
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";
import puppeteer from "puppeteer-core";
import { FLAGS } from "../runtimes/clients.mjs";
import { findBrowser } from "../runtimes/runtimes.mjs";

/** Where Debian, and others, put Firefox. */
const FIREFOXES = ["/usr/bin/firefox-esr", "/usr/bin/firefox"];

/** By name: what starts the browser. Playwright drives a Firefox of its own making only. */
export const BROWSERS = {
  async chromium() {
    const browser = await chromium.launch({ executablePath: findBrowser(), args: FLAGS });
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

/** `FIREFOX` names another. @throws Error if there is none */
function findFirefox() {
  const found = [process.env["FIREFOX"], ...FIREFOXES].find((path) => path && existsSync(path));
  if (found === undefined) {
    throw new Error("No Firefox was found. Install it, or set FIREFOX to its path.");
  }
  return found;
}
