import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { chromiumOptions } from "../../../scripts/chromium.mjs";
import { ServerProcess } from "./server-process.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await chromium.launch(chromiumOptions());
});
afterAll(() => browser.close());

async function startServer(): Promise<ServerProcess> {
  const server = new ServerProcess();
  onTestFinished(() => server.remove());
  await server.start();
  return server;
}

async function openPage(server: ServerProcess, name: string): Promise<Page> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const failures: string[] = [];
  page.on("pageerror", (error) => failures.push(String(error)));
  onTestFinished(async () => {
    await context.close();
    expect(failures).toEqual([]);
  });
  await page.goto(server.url);
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("Password").fill("correct horse");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("Connected").waitFor();
  await present(page, name).waitFor();
  return page;
}

const present = (page: Page, name: string) =>
  page.getByRole("list", { name: "Here now" }).getByText(name, { exact: true });

/** The messages with a text that have been said, not those that wait. */
const said = (page: Page, text: string) =>
  page.getByRole("log").locator("li:not(.waiting)").filter({ hasText: text });

async function say(page: Page, text: string): Promise<void> {
  await page.getByLabel("Message", { exact: true }).fill(text);
  await page.keyboard.press("Enter");
}

test("two members chat in a room, and see who comes and goes", async () => {
  const server = await startServer();
  const ada = await openPage(server, "Ada");
  const grace = await openPage(server, "Grace");
  await present(ada, "Grace").waitFor();
  await say(ada, "Hello, <b>Grace</b>!");
  await said(grace, "Hello, <b>Grace</b>!").waitFor();
  await said(ada, "Hello, <b>Grace</b>!").waitFor();

  await grace.getByRole("button", { name: "Kitchen" }).click();
  await present(ada, "Grace").waitFor({ state: "detached" });
  await say(grace, "Tea?");
  await said(grace, "Tea?").waitFor();
  expect(await said(ada, "Tea?").count()).toBe(0);
  await grace.getByRole("button", { name: "Lounge" }).click();
  await present(ada, "Grace").waitFor();
  await grace.close({ runBeforeUnload: true });
  await present(ada, "Grace").waitFor({ state: "detached" });
});

test("a page that is loaded again is signed in, until its member signs out", async () => {
  const server = await startServer();
  const ada = await openPage(server, "Ada");
  await say(ada, "first");
  await said(ada, "first").waitFor();
  await ada.waitForFunction(() => sessionStorage.length > 0);
  await ada.reload();
  await said(ada, "first").waitFor();
  await present(ada, "Ada").waitFor();
  await ada.getByRole("button", { name: "Sign out" }).click();
  await ada.getByLabel("Password").fill("another one");
  await ada.getByLabel("Name").fill("Ada");
  await ada.keyboard.press("Enter");
  await ada.getByRole("alert").getByText("another password").waitFor();
});

test.each(["SIGTERM", "SIGKILL"] as const)(
  "after a restart by %s both pages go on, and a message sent meanwhile arrives once",
  async (signal) => {
    const server = await startServer();
    const ada = await openPage(server, "Ada");
    const grace = await openPage(server, "Grace");
    await say(ada, "before");
    await said(grace, "before").waitFor();
    await ada.waitForFunction(() => sessionStorage.length > 0);

    await server.stop(signal);
    await ada.getByText("Reconnecting").waitFor();
    await say(ada, "meanwhile");
    await ada.getByText("Sending").waitFor();
    await server.start();

    await ada.getByText("Connected").waitFor();
    await said(grace, "meanwhile").waitFor();
    await said(ada, "meanwhile").waitFor();
    await present(ada, "Grace").waitFor();
    await say(grace, "after");
    await said(ada, "after").waitFor();
    const late = await openPage(server, "Late");
    await said(late, "after").waitFor();
    for (const page of [ada, grace, late]) {
      const texts = await page.getByRole("log").locator(".text").allTextContents();
      expect(texts).toEqual(["before", "meanwhile", "after"]);
    }
  },
);
