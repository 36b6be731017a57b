// Tests every runtime as the server and as the client: in the testkit's conformance runs, and with
// each other. The runtimes come as npm packages, except for Chromium. `--write` puts the tables
// into docs/runtimes.md.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadTranscripts, serveConformance, testServer } from "@capnweb/testkit/conformance";
import { build } from "esbuild";
import { Clients } from "./clients.mjs";
import { page } from "./page.mjs";
import { CLIENTS, Runtimes, SERVERS } from "./runtimes.mjs";
import { startServer } from "./servers.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const EXPECTED = JSON.stringify({
  call: 3,
  callback: 40,
  map: [2, 3, 4],
  error: "RangeError: failed",
  "stream down": 1_000_000,
  "stream up": 1_000_000,
  values: [5, "5", [1, 2], true],
  blob: "text",
  response: [201, "body"],
  batch: [6, 9],
});

/** Peculiarities of a runtime's own classes, which take effect before any code of ours. */
const PECULIAR = {
  bun: {
    client: [
      "fetch: a Request with a body",
      "fetch: a Request with settings",
      "fetch: a Request without a body",
    ],
    server: ["fetch: a Request from the server"],
  },
  workerd: { client: ["stream: from the server, never read"], server: [] },
};

let failures = 0;
const directory = mkdtempSync(join(tmpdir(), "capnweb-runtimes-"));
const runtimes = new Runtimes(directory);
const clients = new Clients(runtimes, directory);
try {
  await bundle();
  for (const runtime of SERVERS) runtimes.install(runtime);
  const transcripts = await loadTranscripts();
  const results = { pairs: [], servers: [], clients: [] };
  for (const runtime of SERVERS) {
    const server = await startServer(runtimes, runtime, directory);
    results.servers.push({ runtime, ...(await conformanceOfServer(transcripts, runtime, server)) });
    for (const client of CLIENTS) results.pairs.push(await pair(client, runtime, server));
    await server.stop();
  }
  for (const runtime of CLIENTS) {
    results.clients.push({ runtime, passed: await conformanceOfClient(transcripts, runtime) });
  }
  if (process.argv.includes("--write")) {
    writeFileSync(join(here, "../../docs/runtimes.md"), page(results));
  }
} finally {
  await clients.close();
  rmSync(directory, { recursive: true, force: true });
}
if (failures > 0) process.exitCode = 1;

async function pair(client, server, { address }) {
  const printed = await clients.run(client, "program", address);
  const failure = printed === EXPECTED ? undefined : printed.slice(0, 2000);
  note(`${client} -> ${server}`, failure);
  return { client, server, failure };
}

async function conformanceOfServer(transcripts, runtime, { address }) {
  const run = async (url) => {
    const results = await testServer(url, [...transcripts.values()]);
    return count(`${runtime} as the server, ${url}`, results.filter(ordinaryIn(runtime, "server")));
  };
  return {
    webSocket: await run(`ws://${address}/conformance`),
    batch: await run(`http://${address}/conformance`),
  };
}

async function conformanceOfClient(transcripts, runtime) {
  const server = await serveConformance(transcripts);
  const printed = await clients.run(runtime, "conformance-client", server.url);
  let passed = "0";
  if (printed === "done") {
    passed = count(
      `${runtime} as the client`,
      (await server.done).filter(ordinaryIn(runtime, "client")),
    );
  } else note(`${runtime} as the client`, printed);
  await server.close();
  return passed;
}

function ordinaryIn(runtime, side) {
  return ({ name }) => !PECULIAR[runtime]?.[side].includes(name);
}

/** The number of passed runs among those that ran. */
function count(what, results) {
  const run = results.filter(({ skipped }) => skipped === undefined);
  const failed = run.filter(({ failure }) => failure !== undefined);
  const lines = failed.map(({ name, failure }) => `\n     ${name}: ${failure}`);
  note(`conformance: ${what}`, failed.length > 0 ? lines.join("") : undefined);
  return `${run.length - failed.length} of ${run.length}`;
}

function note(what, failure) {
  if (failure !== undefined) failures++;
  console.log(`${failure === undefined ? "ok  " : "FAIL"} ${what} ${failure ?? ""}`);
}

async function bundle() {
  const options = {
    bundle: true,
    format: "esm",
    target: "es2022",
    mainFields: ["module", "main"],
    outdir: directory,
    outExtension: { ".js": ".mjs" },
    logLevel: "error",
  };
  await build({
    ...options,
    entryPoints: {
      program: join(here, "clients/program.ts"),
      "conformance-client": join(here, "clients/conformance.ts"),
      "client-workerd": join(here, "clients/workerd.ts"),
      "server-node": join(here, "servers/node.ts"),
      "server-bun": join(here, "servers/bun.ts"),
      "server-deno": join(here, "servers/deno.ts"),
      "server-workerd": join(here, "servers/workerd.ts"),
    },
    platform: "neutral",
    external: ["node:*", "ws"],
  });
}
