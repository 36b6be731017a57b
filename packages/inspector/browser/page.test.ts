import { readFile } from "node:fs/promises";
import { type RpcStub, RpcTarget } from "@capnweb/core";
import { parseTranscript } from "@capnweb/testkit";
import { newWebSocketRpcSession } from "@capnweb/transport-ws/node";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { chromiumOptions } from "../../../scripts/chromium.mjs";
import { type Served, serve } from "./served.ts";

class Item extends RpcTarget {
  read() {
    return "text";
  }
}

class Api extends RpcTarget {
  greet(name: string) {
    return `Hello, ${name}!`;
  }
  open() {
    return new Item();
  }
  async fail(): Promise<never> {
    throw new RangeError("as asked");
  }
}

let browser: Browser;
const cleanups: (() => unknown)[] = [];
beforeAll(async () => {
  browser = await chromium.launch(chromiumOptions());
});
afterAll(() => browser.close());
afterEach(async () => {
  for (const each of cleanups.splice(0).reverse()) await each();
});

async function start(createMain: () => object = () => new Api()) {
  const served = await serve(createMain);
  cleanups.push(() => served.stop());
  const api = newWebSocketRpcSession<any>(served.url);
  cleanups.push(() => api[Symbol.dispose]());
  return { ...served, api: api as RpcStub<any> };
}

async function openPage({ pageUrl }: Pick<Served, "pageUrl">): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1180, height: 620 } });
  cleanups.push(() => page.close());
  const failures: string[] = [];
  page.on("pageerror", (error) => failures.push(String(error)));
  page.on("dialog", (dialog) => {
    failures.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  cleanups.push(() => expect(failures).toEqual([]));
  await page.goto(pageUrl);
  return page;
}

const rows = (page: Page) => page.locator("#view [role=option]");
const view = (page: Page, name: string) => page.getByRole("tab", { name }).click();

test("calls appear as they are made, with their details", async () => {
  const served = await start();
  const page = await openPage(served);
  await page.getByText("No calls yet").waitFor();
  await served.api.greet("Ada");
  await rows(page).filter({ hasText: 'greet("Ada")' }).click();
  await page.getByRole("region", { name: "Details" }).getByText('"Hello, Ada!"').waitFor();
});

test("an await that could have been a pipeline is pointed out, and so is a swallowed error", async () => {
  const served = await start();
  const page = await openPage(served);
  const item = await served.api.open();
  await item.read();
  served.api.fail()[Symbol.dispose]();
  await served.api.greet("Ada");
  await view(page, "Pipeline");
  await page.getByText("1 wasted round trip").waitFor();
  await page.getByRole("button", { name: "open → read" }).click();
  await page.getByText("without the await before it").waitFor();
  await view(page, "Capabilities");
  await page.getByText("1 capability", { exact: true }).waitFor();
  await view(page, "Errors");
  await rows(page).filter({ hasText: "as asked" }).getByText("swallowed").waitFor();
});

test("everything works by keyboard alone", async () => {
  const served = await start();
  for (const name of ["Ada", "Grace", "Edsger"]) await served.api.greet(name);
  const page = await openPage(served);
  await rows(page).nth(2).waitFor();
  const { keyboard } = page;
  const selected = page.locator("[role=option][aria-selected=true]");
  const details = page.getByRole("region", { name: "Details" });

  // The list of calls.
  await keyboard.press("1");
  await keyboard.press("Home");
  await selected.filter({ hasText: "Ada" }).waitFor();
  await keyboard.press("ArrowDown");
  await selected.filter({ hasText: "Grace" }).waitFor();
  await details.getByText("Hello, Grace!").waitFor();
  await keyboard.press("Escape");
  await details.waitFor({ state: "detached" });

  // The filter.
  await keyboard.press("/");
  await keyboard.type("edsger");
  expect(await rows(page).filter({ hasText: "Ada" }).count()).toBe(0);
  await page.waitForFunction(() => document.querySelectorAll("[role=option]").length === 1);
  await keyboard.press("Escape");
  await keyboard.press("End");
  await selected.filter({ hasText: "Edsger" }).waitFor();
  await keyboard.press("/");
  await keyboard.press("Control+A");
  await keyboard.press("Delete");
  await keyboard.press("Escape");

  // Views by number, and with arrows on their tabs.
  await keyboard.press("4");
  await page.getByRole("listbox", { name: "Messages" }).waitFor();
  await page.getByRole("tab", { name: "Messages" }).focus();
  await keyboard.press("ArrowRight");
  await page.getByRole("listbox", { name: "Methods" }).waitFor();
  await keyboard.press("2");
  await page.getByRole("listbox", { name: "Calls by round trip" }).waitFor();
  await keyboard.press("Home");
  await selected.filter({ hasText: "greet" }).waitFor();
  await keyboard.press("ArrowRight");

  // A call by hand.
  await keyboard.press("7");
  await page.locator(".call-it select:focus option").first().waitFor({ state: "attached" });
  await keyboard.press("Tab");
  await keyboard.type("greet");
  await keyboard.press("Tab");
  await keyboard.press("Control+A");
  await keyboard.type('["you"]');
  await keyboard.press("Control+Enter");
  await page.locator(".outcomes").getByText("Hello, you!").waitFor();
  await keyboard.press("Escape");

  // The theme, the pause and the list of keys.
  await keyboard.press("1");
  const theme = () => page.evaluate(() => document.documentElement.dataset["theme"]);
  expect(await theme()).toBe("auto");
  await keyboard.press("t");
  expect(await theme()).toBe("light");
  await keyboard.press("t");
  expect(await theme()).toBe("dark");
  await keyboard.press("p");
  await page.getByRole("button", { name: /Resume/ }).waitFor();
  await keyboard.press("p");
  await page.getByRole("button", { name: "Pause" }).waitFor();
  await keyboard.press("?");
  await page.getByRole("heading", { name: "Keys" }).waitFor();
  await keyboard.press("Escape");
  await page.getByRole("heading", { name: "Keys" }).waitFor({ state: "detached" });
});

test("texts of a peer are never markup", async () => {
  const evil = '<img src=x onerror="alert(1)"><script>alert(2)</script>';
  class Evil extends RpcTarget {
    async [evil](_value: unknown): Promise<never> {
      const error = new Error(evil);
      error.name = evil;
      throw error;
    }
  }
  Object.defineProperty(Evil, "name", { value: evil });
  const served = await start(() => new Evil());
  await served.api[evil]({ [evil]: evil }).catch(() => {});
  const page = await openPage(served);
  for (const name of ["Calls", "Pipeline", "Messages", "Errors"]) {
    await view(page, name);
    await rows(page).filter({ hasText: "<img" }).first().click();
    await page.getByRole("region", { name: "Details" }).getByText("<img").first().waitFor();
  }
  await view(page, "Methods");
  await rows(page).filter({ hasText: "<img" }).waitFor();
  await view(page, "Call it");
  await page.getByLabel("Method").fill(evil);
  await page.getByRole("button", { name: "Call", exact: true }).click();
  await page.locator(".outcomes").getByText("<img").first().waitFor();
  expect(await page.locator("img, #app script").count()).toBe(0);
  // The policy of the page forbids markup from text altogether.
  const refused = await page.evaluate(() => {
    try {
      document.body.innerHTML = "<p>";
      return false;
    } catch {
      return true;
    }
  });
  expect(refused).toBe(true);
});

test("of 10,000 calls only those in view are drawn", async () => {
  const served = await start();
  for (let i = 0; i < 100; i++) {
    await Promise.all(Array.from({ length: 100 }, (_, j) => served.api.greet(`n${100 * i + j}`)));
  }
  const page = await openPage(served);
  await page.getByRole("tab", { name: "Calls" }).getByText("10,000").waitFor();
  await rows(page).filter({ hasText: '"n9999"' }).waitFor();
  expect(await rows(page).count()).toBeLessThan(80);
  await page.getByRole("listbox", { name: "Calls" }).focus();
  await page.keyboard.press("Home");
  await rows(page).filter({ hasText: '"n0"' }).waitFor();
  expect(await rows(page).first().getAttribute("aria-setsize")).toBe("10000");
});

test("a lost server is noticed, and watched again when it is back", async () => {
  const served = await serve(() => new Api());
  const page = await openPage(served);
  await page.getByText("No calls yet").waitFor();
  await served.stop();
  await page.getByRole("alert").getByText("no connection").waitFor();
  const again = await serve(() => new Api(), served.port);
  cleanups.push(() => again.stop());
  await page.getByRole("alert").waitFor({ state: "detached" });
  using api = newWebSocketRpcSession<any>(again.url);
  await api.greet("again");
  await rows(page).filter({ hasText: "again" }).waitFor();
});

test("a recording is saved and opened, and a session is saved as a test", async () => {
  const served = await start();
  await served.api.greet("Ada");
  const page = await openPage(served);
  await rows(page).first().waitFor();
  await page.getByLabel("Session").selectOption("1");
  await page.getByRole("button", { name: "Save as test" }).click();
  const saving = page.waitForEvent("download");
  await page.getByRole("button", { name: /Save session-1/ }).click();
  const test = await readFile(await (await saving).path(), "utf8");
  expect(parseTranscript(test).lines.length).toBeGreaterThan(3);

  const recording = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  const path = await (await recording).path();
  await served.api.greet("Grace");
  await rows(page).filter({ hasText: "Grace" }).waitFor();
  const choosing = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Open" }).click();
  await (await choosing).setFiles(path);
  await rows(page).filter({ hasText: "Ada" }).waitFor();
  await page.waitForFunction(() => document.querySelectorAll("[role=option]").length === 1);
});
