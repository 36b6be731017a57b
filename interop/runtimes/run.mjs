// Tests every runtime as the server and as the client: in the testkit's conformance runs, and with
// each other. The runtimes come as npm packages, except for Chromium. `--write` puts the tables
// into docs/runtimes.md.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { generateSecret } from "@capnweb/durable";
import { loadScenarios, serveConformance, testServer } from "@capnweb/testkit/conformance";
import { bundle } from "./bundle.mjs";
import { checkHost } from "./check-host.mjs";
import { Clients } from "./clients.mjs";
import { durableWith, sealNote, textOf } from "./note.ts";
import { page } from "./page.mjs";
import { CLIENTS, Runtimes, SERVERS } from "./runtimes.mjs";
import { startServer } from "./servers.mjs";
import { startSilentServer } from "./silent-server.mjs";

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

/** The observations of the program that loses its connections. */
const RECONNECTED = JSON.stringify({
  call: 3,
  kept: "item 7",
  restored: [7, "item 7", 2],
  "under way": ["CONNECTION_LOST", "maybe"],
  map: [2, 3, 4],
  closed: "CONNECTION_CLOSED",
  states: [
    "open",
    "interrupted",
    "open (restored)",
    "interrupted",
    "open (restored)",
    "closed (closed)",
  ],
});

/** The text of the note in `note.ts`. */
const NOTE = "ä\u{1f600} 5 1,255 with another";

/** The revocations that `clients/sqlite.ts` finds. */
const REVOCATIONS = JSON.stringify([
  { isRevoked: true, generation: 1 },
  { isRevoked: false, generation: 0 },
]);

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
  await bundle(directory);
  for (const runtime of SERVERS) runtimes.install(runtime);
  const transcripts = await loadScenarios();
  const results = { pairs: [], servers: [], clients: [] };
  for (const runtime of SERVERS) {
    const server = await startServer(runtimes, runtime, directory);
    results.servers.push({ runtime, ...(await conformanceOfServer(transcripts, runtime, server)) });
    for (const client of CLIENTS) results.pairs.push(await pair(client, runtime, server));
    await server.stop();
    await hostOf(runtime);
  }
  for (const runtime of CLIENTS) {
    await durable(runtime);
    await keepAlive(runtime);
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
  const failed = [];
  for (const [program, expected] of Object.entries({ program: EXPECTED, reconnect: RECONNECTED })) {
    const printed = await clients.run(client, program, address);
    const failure = printed === expected ? undefined : printed.slice(0, 2000);
    note(`${client} -> ${server}, ${program}`, failure);
    if (failure !== undefined) failed.push(failure);
  }
  return { client, server, failure: failed[0] };
}

/** Checks a host of sessions in a runtime. */
async function hostOf(runtime) {
  const { address, stop } = await startServer(runtimes, runtime, directory, "host");
  const failure = await checkHost({ address, isWorker: runtime === "workerd" }).then(
    () => undefined,
    (error) => error.stack,
  );
  note(`host: ${runtime}`, failure);
  await stop();
}

/** Has a runtime unseal a token of this process, and the reverse. */
async function durable(runtime) {
  const secret = generateSecret();
  const here = durableWith(secret);
  const printed = await clients.run(runtime, "durable", `${secret}.${await sealNote(here)}`);
  const { text, forged, token } = parse(printed);
  const back = token && (await textOf(here, token).catch(String));
  const isRight = text === NOTE && back === NOTE && forged === "DURABLE_FORGED";
  note(`durable capabilities: ${runtime}`, isRight ? undefined : `${printed} ${back}`);
  // The others have no files, or no SQLite of their own.
  if (["workerd", "chromium", "node 20"].includes(runtime)) return;
  const revocations = join(directory, `${runtime.replace(" ", "")}.db`);
  const found = await clients.run(runtime, "sqlite", revocations);
  note(`revocations in a file: ${runtime}`, found === REVOCATIONS ? undefined : found);
}

/** Has a runtime notice a server that falls silent. */
async function keepAlive(runtime) {
  // It has no WebSocket of its own.
  if (runtime === "node 20") return;
  const server = await startSilentServer();
  const printed = await clients.run(runtime, "keep-alive", server.url);
  note(`keep-alive: ${runtime}`, printed === "keepAlive" ? undefined : printed);
  await server.stop();
}

function parse(printed) {
  try {
    return JSON.parse(printed);
  } catch {
    return {};
  }
}

async function conformanceOfServer(transcripts, runtime, { address }) {
  const run = async (url) => {
    const results = await testServer(url, [...transcripts.values()], { parallel: 4 });
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

/** The number of passed scenarios among those that ran and could fail. */
function count(what, results) {
  const run = results.filter(
    ({ skipped, informational }) => skipped === undefined && informational === undefined,
  );
  const failed = run.filter(({ failure }) => failure !== undefined);
  const lines = failed.map(({ name, failure }) => `\n     ${name}: ${failure}`);
  note(`conformance: ${what}`, failed.length > 0 ? lines.join("") : undefined);
  return `${run.length - failed.length} of ${run.length}`;
}

function note(what, failure) {
  if (failure !== undefined) failures++;
  console.log(`${failure === undefined ? "ok  " : "FAIL"} ${what} ${failure ?? ""}`);
}
