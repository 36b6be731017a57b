// The playground of the built site, as its readers use it.
import axe from "axe-core";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { hashOf } from "../../../docs/.vitepress/theme/playground/share.ts";
import { chromiumOptions } from "../../../scripts/chromium.mjs";
import { serveSite } from "./serve-site.ts";

let browser: Browser;
let site: Awaited<ReturnType<typeof serveSite>>;

beforeAll(async () => {
  site = await serveSite();
  browser = await chromium.launch(chromiumOptions());
});

afterAll(async () => {
  await browser.close();
  site.close();
});

/** Opens the playground. Its editors and buttons work once this resolves. */
async function open(hash = "", options: Parameters<Browser["newPage"]>[0] = {}): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
  onTestFinished(() => page.close());
  await page.goto(`${site.url}playground${hash}`);
  await page.locator(".cm-content").nth(1).waitFor();
  return page;
}

const statusOf = (page: Page, text: string | RegExp) =>
  page.locator(".playground .status").filter({ hasText: text });

/** The lines of an end's output, in order. */
async function outputOf(page: Page, side: "server" | "client"): Promise<string[]> {
  return await page.locator(`[data-side=${side}] .end-output pre`).allTextContents();
}

const EXAMPLES = [
  {
    name: "Pipelining",
    server: ["checks the token secret", "opens the album holidays"],
    client: ["photo 3"],
    words: "#3 photo(3) on the result of #2 album",
    text: `["push",["pipeline",2,["photo"],[3]]]`,
    counts: "1 round trip",
  },
  {
    name: "Callbacks",
    server: [],
    client: [1, 2, 3].map((number) => `the server calls back with ${number}`).concat("done"),
    words: "#1 count(3, «capability -1»)",
    text: `["push",["pipeline",0,["count"],[3,["export",-1]]]]`,
    counts: "1 round trip, 3 round trips of the server",
  },
  {
    name: "map()",
    server: [],
    client: [`["Ada", "Grace", "Edsger"]`],
    words: "#2 map(…) on the result of #1 ids",
    text: `["push",["remap",1,[],[["import",0]]`,
    counts: "1 round trip",
  },
  {
    name: "Streams",
    server: [],
    client: ["3", "2", "1", "lift-off"],
    words: "#1 opens a stream",
    text: `["pipe"]`,
    counts: "1 round trip",
  },
  {
    name: "Errors",
    server: [],
    client: [
      "Not enough credit for 5. NO_CREDIT { balance: 3 }",
      "'deposit' is not a function. PATH",
    ],
    words: "rejects #1 withdraw: RpcError: Not enough credit for 5.",
    text: `{"code":"NO_CREDIT","data":{"balance":3}}`,
    counts: "2 round trips",
  },
  {
    name: "Disposal",
    server: ["the client has given the room up"],
    client: ["Kitchen", "DISPOSED Attempted to use RPC stub after it has been disposed."],
    words: "releases capability -1",
    text: `["release",-1,1]`,
    counts: "2 round trips",
  },
];

describe("one click runs an example, and shows its output and messages", () => {
  test.each(EXAMPLES)("$name", async ({ name, server, client, words, text, counts }) => {
    const page = await open();
    await page.locator(".examples button", { hasText: name }).click();
    await statusOf(page, "Finished").waitFor();
    expect(await outputOf(page, "server")).toEqual(server);
    expect(await outputOf(page, "client")).toEqual(client);
    const message = page.locator(".messages tbody tr").filter({ hasText: words }).first();
    expect(await message.locator(".text").textContent()).toContain(text);
    expect(await page.locator(".counts").textContent()).toContain(counts);
  });
});

describe("an endless loop is stopped", () => {
  const endless = hashOf({ server: "", client: `console.log("begins"); for (;;) {}` });

  test("by the button", async () => {
    const page = await open(endless);
    await page.getByRole("button", { name: "Run", exact: true }).click();
    await page.locator("[data-side=client] .end-output pre").waitFor();
    await page.getByRole("button", { name: "Stop" }).click();
    await statusOf(page, "Stopped.").waitFor();
    expect(await page.getByRole("button", { name: "Stop" }).isDisabled()).toBe(true);
  });

  test("after a time", async () => {
    const page = await open(endless);
    await page.getByRole("button", { name: "Run", exact: true }).click();
    await statusOf(page, "Stopped at the limit of 10 seconds.").waitFor();
  });

  test("if it floods the page with messages", async () => {
    const client = `import { newMessagePortRpcSession } from "@capnweb/transport-messageport";
      import { port } from "playground";
      const api = newMessagePortRpcSession(port) as any;
      for (let i = 0; i < 2_000; i++) api.missing().catch(() => {});
      await new Promise(() => {});`;
    const server = "";
    const page = await open(hashOf({ server, client }));
    await page.getByRole("button", { name: "Run", exact: true }).click();
    await statusOf(page, /^Stopped after 1000 messages/).waitFor();
  });
});

test("a link's code can't break the page by what its worker sends", async () => {
  const client = `const text: any = {};
    text.text = text;
    postMessage({ kind: "line", level: "a b", text });
    postMessage(null);
    postMessage({ kind: "line", level: "warn", text: "<b>bold</b>" + "x".repeat(20_000) });
    console.log("after");`;
  const page = await open(hashOf({ server: "", client }));
  expect(await outputOf(page, "client")).toEqual([]);
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await statusOf(page, "Finished").waitFor();
  const lines = await outputOf(page, "client");
  expect(lines.map((line) => line.slice(0, 11))).toEqual([
    "(no text)",
    "(no text)",
    "<b>bold</b>",
    "after",
  ]);
  expect(lines[2]).toHaveLength(10_000);
});

test("mistakes in the code are shown: in the syntax, and while it runs", async () => {
  const page = await open(hashOf({ server: "throw new TypeError('no');", client: "const = 1;" }));
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await statusOf(page, /can't be read.*client/).waitFor();
  await page.locator("[data-side=client] .cm-content").fill("import 'left-pad';");
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await statusOf(page, "Finished").waitFor();
  expect(await outputOf(page, "server")).toEqual(["Uncaught TypeError: no"]);
  expect((await outputOf(page, "client"))[0]).toContain(`There is no "left-pad" here`);
});

test("by keyboard alone: code is changed, shared, opened elsewhere, and run there", async () => {
  const page = await open();
  await page.getByRole("button", { name: "Copy link" }).focus();
  await page.keyboard.press("Tab"); // the editor of the server
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type(`console.log("typed");`);
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Enter");
  await statusOf(page, /link/).waitFor();
  const other = await open(new URL(page.url()).hash);
  expect(await outputOf(other, "server")).toEqual([]);
  await other.getByRole("button", { name: "Run", exact: true }).focus();
  await other.keyboard.press("Enter");
  await other.locator("[data-side=server] .end-output pre").first().waitFor();
  expect(await outputOf(other, "server")).toEqual(["typed"]);
});

test("the inspector shows the calls of the run", async () => {
  const page = await open();
  await page.locator(".examples button", { hasText: "Pipelining" }).click();
  await statusOf(page, "Finished").waitFor();
  await page.getByRole("button", { name: "Open in the inspector" }).click();
  const inspector = page.frameLocator("iframe.inspector");
  await inspector.getByText("authenticate").waitFor();
  expect(await inspector.locator("footer").textContent()).toContain("3 calls");
});

describe.each([1280, 390])("at %i pixels", (width) => {
  test.each(["light", "dark"] as const)("in %s, it fits, and axe finds nothing", async (scheme) => {
    const page = await open("", { viewport: { width, height: 900 }, colorScheme: scheme });
    await page.locator(".examples button", { hasText: "Errors" }).click();
    await statusOf(page, "Finished").waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    await page.evaluate(axe.source);
    const violations = await page.evaluate(async () => {
      const found = await (globalThis as any).axe.run("main, .VPContent");
      return found.violations.map(({ id, nodes }: any) => [
        id,
        nodes.map((each: any) => each.html),
      ]);
    });
    expect(violations).toEqual([]);
  });
});
