import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { chromiumOptions } from "../../../scripts/chromium.mjs";
import { servePage } from "../src/page-files.ts";
import { fileOf, serve } from "../test/served.ts";

const MB = 1024 * 1024;
const SIZE = 24 * MB;
/** Bytes that may be under way, or wait in memory, when a connection is cut. */
const UNDER_WAY = 5 * MB;

let browser: Browser;
beforeAll(async () => {
  browser = await chromium.launch(chromiumOptions());
});
afterAll(() => browser.close());

async function newPage(link: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 390, height: 800 } });
  const page = await context.newPage();
  const failures: string[] = [];
  page.on("pageerror", (error) => failures.push(String(error)));
  onTestFinished(async () => {
    await context.close();
    expect(failures).toEqual([]);
  });
  await page.goto(link);
  return page;
}

async function start(options?: { quota: number }) {
  const served = await serve(options);
  servePage(served.server);
  return { served, page: await newPage(served.link) };
}

/** A file on the disk, which keeps its time of change. */
async function diskFile(size: number): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "upload-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "big.bin");
  writeFileSync(path, Buffer.from(await fileOf(size).arrayBuffer()));
  return path;
}

/** Chooses a file when the page offers that. Earlier, nothing of the page listens to the field. */
async function choose(page: Page, path: string): Promise<void> {
  await page.locator("label").filter({ hasText: "Upload files" }).waitFor();
  await page.getByLabel("Upload files").setInputFiles(path);
}
const progressOf = (page: Page) =>
  page.getByRole("progressbar", { name: "Progress of big.bin" }).evaluate((bar) => {
    const { value, max } = bar as HTMLProgressElement;
    return { value, max };
  });

test("an upload goes on after a lost connection, and after a reload of the page", async () => {
  const { served, page } = await start();
  const { proxy } = served;
  const path = await diskFile(SIZE);
  await page.getByText("This folder is empty").waitFor();

  const lost = proxy.cutAfter("up", 8 * MB);
  await choose(page, path);
  await lost;
  await proxy.cutAfter("up", 6 * MB).then(() => {
    proxy.isDown = true;
  });
  await page.getByText("Reconnecting").waitFor();
  const { value, max } = await progressOf(page);
  expect(value).toBeGreaterThan(14 * MB - 2 * UNDER_WAY);
  expect(max).toBe(SIZE);

  await page.goto("about:blank");
  proxy.isDown = false;
  await page.goto(served.link);
  await page.getByText("Choose the file again").waitFor();
  const [part] = await served.open().root.unfinished();
  expect(part!.received).toBeGreaterThanOrEqual(value);
  const before = proxy.passed.up;
  await choose(page, path);
  await page.getByRole("button", { name: "Download big.bin" }).waitFor();
  expect(proxy.passed.up - before).toBeLessThan(SIZE - part!.received + MB);
  expect(proxy.passed.up).toBeLessThan(SIZE + 2 * UNDER_WAY);

  const cut = proxy.cutAfter("down", 10 * MB);
  const downloading = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download big.bin" }).click();
  await cut;
  const saved = await (await downloading).path();
  expect(readFileSync(saved).equals(readFileSync(path))).toBe(true);
});

test("a cancelled upload leaves nothing, and a paused one goes on", async () => {
  const { served, page } = await start();
  const path = await diskFile(SIZE);
  const holding = served.proxy.holdAfter("up", 6 * MB);
  await choose(page, path);
  const release = await holding;
  await page.getByRole("button", { name: "Pause big.bin" }).click();
  await page.getByText("Paused").waitFor();
  release();
  const holdingAgain = served.proxy.holdAfter("up", 6 * MB);
  await page.getByRole("button", { name: "Resume big.bin" }).click();
  const releaseAgain = await holdingAgain;
  await page.getByRole("button", { name: "Cancel big.bin" }).click();
  releaseAgain();
  await page.getByText("This folder is empty").waitFor();
  await vi.waitFor(() => expect(served.statistics().calls).toBe(0));
  expect(served.proxy.passed.up).toBeLessThan(SIZE);
  const { root } = served.open();
  expect(await root.unfinished()).toEqual([]);
  expect(await root.usage()).toMatchObject({ used: 0 });
});

test("the page tells that the quota is exceeded", async () => {
  const { page } = await start({ quota: MB });
  await choose(page, await diskFile(2 * MB));
  await page.getByText("of the quota of 1048576 are free").waitFor();
  await page.getByRole("button", { name: "Cancel big.bin" }).click();
  await page.getByText("0 B of 1.05 MB used").waitFor();
});

test("folders are made and opened by keyboard, and shared for reading", async () => {
  const { page } = await start();
  page.on("dialog", (dialog) => dialog.accept("../up"));
  await page.getByRole("button", { name: "New folder" }).press("Enter");
  await page.getByRole("alert").getByText("isn't a name").waitFor();
  page.removeAllListeners("dialog");
  page.on("dialog", (dialog) => dialog.accept("docs"));
  await page.getByRole("button", { name: "New folder" }).press("Enter");
  await page.getByRole("button", { name: "Open docs" }).press("Enter");
  await page.getByText("This folder is empty").waitFor();
  await choose(page, await diskFile(1000));
  await page.getByRole("button", { name: "Delete big.bin" }).waitFor();
  await page.getByRole("button", { name: "Link for reading" }).press("Enter");
  await page.waitForFunction(() => (document.querySelector("#link") as HTMLInputElement).value);

  const reader = await newPage(await page.getByLabel("Link for reading").inputValue());
  await reader.getByText("Read only").waitFor();
  await reader.getByRole("button", { name: "Download big.bin" }).waitFor();
  expect(await reader.getByRole("button", { name: "Delete big.bin" }).count()).toBe(0);
  expect(await reader.getByLabel("Upload files").isVisible()).toBe(false);

  await page.getByRole("button", { name: "Delete big.bin" }).press("Enter");
  await page.getByText("This folder is empty").waitFor();
});

test("a wrong link gets nothing", async () => {
  const { served } = await start();
  const page = await newPage(served.link.replace(/#.*/, "#guess"));
  await page.getByRole("alert").filter({ hasText: /\w/ }).waitFor();
  expect(await page.getByLabel("Upload files").isVisible()).toBe(false);
});

test("the program prints a link to everything", async () => {
  const folder = mkdtempSync(join(tmpdir(), "files-"));
  const program = fileURLToPath(new URL("../src/main.ts", import.meta.url));
  const child = spawn(process.execPath, ["--import", "tsx", program], {
    env: { ...process.env, PORT: "0", DATA: folder },
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(async () => {
    const exited = once(child, "exit");
    child.kill();
    await exited;
    rmSync(folder, { recursive: true });
  });
  const [line] = await once(child.stdout, "data");
  const page = await newPage(/http:\S+/.exec(String(line))![0]);
  await page.getByText("Read and write").waitFor();
  await page.getByText("0 B of 10.0 GB used").waitFor();
});
