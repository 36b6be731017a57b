import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Page } from "playwright-core";
import { fileAt } from "./dist.ts";
import { forEachView, type View } from "./views.ts";

/** Pages that show each kind of content. Those that aren't made yet are left out. */
const PAGES = [
  "",
  "start",
  "guide",
  "guide/",
  "observe",
  "inspector",
  "benchmarks",
  "packages/transport-ws",
  "api/core/options",
  "errors/",
  "playground",
];

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** Barriers, pages that scroll sideways, and errors in the console, in every view of some pages. */
export async function runBrowserChecks(): Promise<string[]> {
  const problems: string[] = [];
  const pages = PAGES.filter((path) => fileAt(path) !== undefined);
  await forEachView(pages, async (page, view, errors) => {
    const found = [...(await barriers(page)), ...(await sidewaysScroll(page)), ...errors];
    problems.push(...found.map((problem) => `${nameOf(view)}: ${problem}`));
  });
  return problems;
}

const nameOf = ({ path, width, scheme }: View) => `/${path} at ${width} px, ${scheme}`;

async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate<AxeResults, string[]>(
    (rules) => (globalThis as any).axe.run(document, { runOnly: rules }),
    RULES,
  );
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.slice(0, 3).map(({ target, failureSummary }) => {
      return `${id} (${help}) at ${target.join(" ")}: ${failureSummary?.split("\n")[1]?.trim()}`;
    }),
  );
}

async function sidewaysScroll(page: Page): Promise<string[]> {
  const { content, window } = await page.evaluate(() => ({
    content: document.documentElement.scrollWidth,
    window: document.documentElement.clientWidth,
  }));
  return content > window ? [`scrolls sideways: ${content} px in ${window}`] : [];
}
