import { chromium } from "playwright-core";
import { chromiumOptions } from "../../../scripts/chromium.mjs";
import { serveSite } from "./serve-site.ts";
const site = await serveSite();
const b = await chromium.launch(chromiumOptions());
const page = await b.newPage();
page.on("requestfailed", r=>console.log("F", r.url())); page.on("response", r=>{ if(r.status()>=400) console.log(r.status(), r.url())});
await page.goto(`${site.url}playground`);
for (const n of ["Pipelining","Callbacks","map()","Streams","Errors","Disposal"]) {
await page.locator(".examples button", { hasText: n }).click();
await page.locator(".playground .status").filter({ hasText: /Finished|Stopped|can't/ }).waitFor({ timeout: 20000 });
console.log(n, await page.locator(".status").textContent(), JSON.stringify(await page.locator(".end-output pre").allTextContents()), await page.locator(".counts").textContent());
console.log((await page.locator(".messages tbody tr").allInnerTexts()).map(x=>x.replace(/\s+/g," ")).join("\n"));
}
await b.close(); site.close();
