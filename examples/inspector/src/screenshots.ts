import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { newWebSocketRpcSession } from "@capnweb/transport-ws/node";
import { chromium, type Page } from "playwright-core";
import { chromiumOptions } from "../../../scripts/chromium.mjs";
import { startShop } from "./server.ts";
import type { Shop } from "./shop.ts";
import { visit } from "./visit.ts";

// Takes the screenshots of docs/inspector.md: npm run inspector:screenshots

const FOLDER = new URL(process.env["FOLDER"] ?? "../../../docs/inspector/", import.meta.url);

/** The views, and the text of the row that is selected in each. */
const VIEWS: readonly (readonly [name: string, key: string, row: string | undefined])[] = [
  ["calls", "1", "recommend"],
  ["pipeline", "2", undefined],
  ["capabilities", "3", "Cart"],
  ["messages", "4", "login"],
  ["methods", "5", undefined],
  ["errors", "6", "track"],
  ["call-it", "7", undefined],
];

await mkdir(FOLDER, { recursive: true });
const { url, pageUrl, stop } = await startShop();
const shop = newWebSocketRpcSession<Shop>(url);
for (const name of ["Ada", "Grace", "Edsger"]) await visit(shop, name);

const browser = await chromium.launch(chromiumOptions());
try {
  for (const colorScheme of ["light", "dark"] as const) {
    const page = await browser.newPage({ viewport: { width: 1180, height: 620 }, colorScheme });
    await page.goto(pageUrl);
    await page.waitForSelector(".row[role=option]");
    await page.getByLabel("Session").selectOption("1");
    for (const [name, key, row] of VIEWS) await take(page, `${name}-${colorScheme}`, key, row);
    await page.close();
  }
} finally {
  await browser.close();
  shop[Symbol.dispose]();
  await stop();
}

async function take(page: Page, name: string, key: string, row: string | undefined) {
  await page.keyboard.press(key);
  await page.waitForTimeout(200);
  if (row !== undefined) await page.locator(".row[role=option]", { hasText: row }).first().click();
  if (name.startsWith("pipeline")) {
    await page.locator(".graph").evaluate((graph) => graph.scrollTo({ left: 0 }));
  }
  if (name.startsWith("call-it")) {
    await page.getByLabel("Method").fill("login");
    await page.getByLabel("Arguments").fill('["Ada"]');
    await page.getByRole("button", { name: "Call", exact: true }).click();
    await page.waitForSelector(".outcomes article");
    await page.getByRole("button", { name: "use «1»" }).click();
    await page.getByLabel("Method").fill("profile");
    await page.getByLabel("Arguments").fill("[]");
    await page.getByRole("button", { name: "Call", exact: true }).click();
    await page.waitForSelector(".outcomes article:nth-child(2)");
  }
  await page.waitForTimeout(300);
  await page.screenshot({ path: fileURLToPath(new URL(`${name}.png`, FOLDER)) });
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
}
