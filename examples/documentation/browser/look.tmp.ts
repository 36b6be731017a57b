import { chromium } from "playwright-core";
import { chromiumOptions } from "../../../scripts/chromium.mjs";
import { serveSite } from "./serve-site.ts";
const site = await serveSite();
const b = await chromium.launch(chromiumOptions());
for (const [w, scheme] of [[1280,"light"],[1280,"dark"],[390,"light"],[390,"dark"]] as const) {
const page = await b.newPage({ viewport: { width: w, height: 900 }, colorScheme: scheme });
page.on("console", m=>console.log("C", m.type(), m.text().slice(0,300))); page.on("pageerror", e=>console.log("E", e.message));
await page.goto(`${site.url}playground`);
await page.getByRole("button", { name: "Pipelining" }).click();
await page.locator(".playground .status").filter({ hasText: /Finished|Stopped|can't/ }).waitFor({ timeout: 20000 }).catch(e=>console.log(String(e).slice(0,200)));
console.log(w, scheme, await page.locator(".status").textContent(), await page.locator(".end-output").allTextContents(), await page.locator(".counts").textContent());
await page.screenshot({ path: `/tmp/x/pg-${w}-${scheme}.png`, fullPage: true });
if (w===1280) { await page.getByRole("button", { name: "Open in the inspector" }).click(); await page.frameLocator("iframe.inspector").getByRole("tab", {name:/Calls/}).waitFor(); await page.waitForTimeout(600); await page.screenshot({ path: `/tmp/x/pg-insp-${scheme}.png`, fullPage: true }); }
await page.close();
}
await b.close(); site.close();
