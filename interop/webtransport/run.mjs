// Tests browsers' own WebTransport over real HTTP/3. Pages run every program of page.ts against
// sessions in this process, through a relay in Deno that speaks QUIC. Arguments name the browsers;
// default: all.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { Room } from "../../examples/webtransport/src/chat.ts";
import { startSite } from "../../examples/webtransport/src/site.ts";
import { Runtimes } from "../runtimes/runtimes.mjs";
import { serveModule } from "../runtimes/site.mjs";
import { Api } from "./api.ts";
import { BROWSERS } from "./browsers.mjs";
import { startRelay } from "./start-relay.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const LOST = "WEBTRANSPORT_CLOSED: The WebTransport connection was lost.";

/** The expected output of each program of page.ts. */
const EXPECTED = {
  everything: {
    call: 3,
    pipelined: "item 7",
    callback: 40,
    map: ["item 1", "item 2", "item 3"],
    error: "RangeError: failed",
    "stream down": 10_000_000,
    "stream up": 10_000_000,
    "text of 5 MB": 2_500_000,
    "10,000 calls": 50_005_000,
    values: String([10n, new Date(5), undefined]),
    blob: "text",
  },
  "the server ends the session": "WEBTRANSPORT_CLOSED: The peer ended the WebTransport session.",
  "the connection is cut": LOST,
  "the page goes away": 3,
  "the certificate is another":
    "WEBTRANSPORT_CLOSED: The WebTransport session could not be opened.",
  "the other end is stopped":
    "WEBTRANSPORT_CLOSED: The peer has sent nothing for 3100 ms: it is stopped, or gone (keepAlive).",
};

/** Milliseconds after which a page without output is given up. */
const TIMEOUT = 60_000;

let failures = 0;
const directory = mkdtempSync(join(tmpdir(), "capnweb-webtransport-"));
try {
  const deno = new Runtimes(directory);
  deno.install("deno");
  const module = await bundle();
  const names = process.argv.slice(2);
  for (const name of names.length > 0 ? names : Object.keys(BROWSERS)) {
    const browser = await BROWSERS[name]();
    try {
      for (const program of Object.keys(EXPECTED)) await test(name, browser, program, module, deno);
      await testExample(name, browser, deno);
    } finally {
      await browser.close();
    }
  }
} finally {
  rmSync(directory, { recursive: true, force: true });
}
if (failures > 0) process.exitCode = 1;

async function test(name, browser, program, module, deno) {
  const relay = await startRelay(deno, (ends) => new Api(ends));
  const site = await serveModule(module);
  const page = await browser.newPage();
  try {
    const argument = { program, url: `https://127.0.0.1:${relay.port}/`, hash: relay.hash };
    const printed = await run(page, `${site.url}/#${encodeURIComponent(JSON.stringify(argument))}`);
    await page.close();
    const expected = JSON.stringify(EXPECTED[program]);
    note(`${name}: ${program}`, printed === expected ? undefined : printed);
    // However a session ends, the server's side must end too, and release everything.
    const isLeft = await Promise.race([relay.allDisposed(), timeout("sessions are left")]);
    note(`${name}: ${program}: nothing is left of it`, isLeft);
  } finally {
    site.stop();
    await relay.stop();
  }
}

/** Tests two pages of the example that talk to each other. */
async function testExample(name, browser, deno) {
  const room = new Room();
  const relay = await startRelay(deno, () => room.door());
  const url = `https://127.0.0.1:${relay.port}/`;
  const site = await startSite(0, { url, hash: relay.hash });
  const pages = [await browser.newPage(), await browser.newPage()];
  try {
    for (const page of pages) {
      await page.goto(site.url);
      await page.waitForSelector("#text:not([disabled])");
    }
    await pages[0].type("#text", "hello");
    await pages[0].click("button");
    const isHeard = () => document.body.textContent.includes(": hello");
    const heard = pages.map((page) => page.waitForFunction(isHeard));
    const all = Promise.all(heard).then(() => undefined);
    const failure = await Promise.race([all, timeout("Nothing was heard.")]);
    note(`${name}: the chat of examples/webtransport`, failure);
  } finally {
    for (const page of pages) await page.close();
    await site.stop();
    await relay.stop();
  }
}

async function run(page, url) {
  const printed = new Promise((resolve) => {
    page.on("console", (message) => message.type() === "log" && resolve(message.text()));
    page.on("pageerror", (error) => resolve(String(error.stack)));
  });
  await page.goto(url);
  return await Promise.race([printed, timeout("The page printed nothing.")]);
}

function timeout(result) {
  return new Promise((resolve) => setTimeout(resolve, TIMEOUT, result).unref());
}

function note(what, failure) {
  if (failure !== undefined) failures++;
  console.log(`${failure === undefined ? "ok  " : "FAIL"} ${what} ${failure ?? ""}`);
}

async function bundle() {
  const outfile = join(directory, "page.mjs");
  await build({
    entryPoints: [join(here, "page.ts")],
    outfile,
    bundle: true,
    format: "esm",
    target: "es2022",
    logLevel: "error",
  });
  return outfile;
}
