// Checks the site that `npm run docs:build` has made: the navigation, every link and anchor, and
// some pages in Chromium. Needs no network.

import { brokenAddresses } from "./addresses.ts";
import { runBrowserChecks } from "./browser.ts";
import { brokenLinks } from "./links.ts";
import { strayPages } from "./navigation.ts";

const checks = {
  "pages and the navigation": strayPages,
  "links of the pages": brokenLinks,
  "addresses in the pages as Markdown": brokenAddresses,
  "pages in Chromium": runBrowserChecks,
};

let failures = 0;
for (const [name, check] of Object.entries(checks)) {
  const found = await check();
  console.log(`${name}: ${found.length} problems`);
  for (const problem of found) console.error(`  ${problem}`);
  failures += found.length;
}
process.exitCode = failures > 0 ? 1 : 0;
