// The links from errors to the catalogue, as the console of Chromium shows them.
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { chromiumOptions } from "../../../scripts/chromium.mjs";

const LINK = "Explained at https://capnweb-ts.github.io/capnweb-ts/errors/DISPOSED";

const PAGE = `
import { RpcStub } from "@capnweb/core";
const gone = new RpcStub(() => {});
gone[Symbol.dispose]();
gone().catch((error) => {
  console.error(error);
  gone().then();
});
`;

let browser: Browser;

beforeAll(async () => {
  browser = await chromium.launch(chromiumOptions());
});

afterAll(() => browser.close());

/** Bundles the page as a build for browsers does. */
function bundled(conditions: string[], mode: string): string {
  const { outputFiles } = buildSync({
    stdin: { contents: PAGE, resolveDir: fileURLToPath(new URL("..", import.meta.url)) },
    bundle: true,
    write: false,
    format: "iife",
    platform: "browser",
    conditions,
    define: { "process.env.NODE_ENV": JSON.stringify(mode) },
  });
  return outputFiles[0]!.text;
}

/** The text in the console for the error that was logged, and for the one nothing handled. */
async function consoleOf(script: string): Promise<string[]> {
  const page = await browser.newPage();
  const cdp = await page.context().newCDPSession(page);
  const logged = new Promise<string>((resolve) => {
    cdp.once("Runtime.consoleAPICalled", ({ args }) => resolve(args[0]!.description!));
  });
  const thrown = new Promise<string>((resolve) => {
    cdp.once("Runtime.exceptionThrown", ({ exceptionDetails }) =>
      resolve(exceptionDetails.exception!.description!),
    );
  });
  await cdp.send("Runtime.enable");
  await page.addScriptTag({ content: script });
  const texts = await Promise.all([logged, thrown]);
  await page.close();
  return texts;
}

test("a development build shows them, below the error and its stack", async () => {
  const texts = await consoleOf(bundled(["development"], "development"));
  for (const text of texts) {
    expect(text).toMatch(/^DisposedError: Attempted to use RPC stub after it has been disposed\./);
    expect(text).toMatch(/\n {4}at /);
    expect(text).toContain(LINK);
  }
});

test("a production build doesn't contain them", async () => {
  const script = bundled(["production"], "production");
  expect(script).not.toContain("capnweb-ts.github.io");
  for (const text of await consoleOf(script)) expect(text).not.toContain("Explained");
});
