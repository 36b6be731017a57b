// Every runtime as the server, every runtime as the client, over WebSocket and HTTP batch. The
// runtimes come as npm packages. `--write` puts the table into docs/runtimes.md.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const platform = `${process.platform}-${process.arch}`;
const PACKAGES = {
  "node 22": { [`node-${platform}`]: "22" },
  "node 24": { [`node-${platform}`]: "24" },
  "node 26": { [`node-${platform}`]: "26" },
  bun: { bun: "1.4.5" },
  deno: { deno: "2.9.6" },
  workerd: { workerd: "1.20261117.1" },
};
const EXPECTED = JSON.stringify({
  call: 3,
  callback: 41,
  map: [2, 3, 4],
  error: "RangeError: failed",
  "stream down": 1_000_000,
  "stream up": 1_000_000,
  values: [5, "5", [1, 2], true],
  blob: "text",
  response: [201, "body"],
  batch: [6, 9],
});

const directory = mkdtempSync(join(tmpdir(), "capnweb-runtimes-"));
const results = [];
try {
  await bundle();
  const runtimes = Object.keys(PACKAGES);
  for (const runtime of runtimes) install(runtime);
  for (const server of runtimes) {
    const running = await startServer(server);
    for (const client of runtimes.filter((each) => each !== "workerd")) {
      const failure = runClient(client, running.address);
      results.push({ server, client, failure });
      console.log(
        `${failure === undefined ? "ok  " : "FAIL"} ${client} -> ${server} ${failure ?? ""}`,
      );
    }
    await running.stop();
  }
} finally {
  rmSync(directory, { recursive: true, force: true });
}
if (process.argv.includes("--write")) writeFileSync(join(here, "../../docs/runtimes.md"), page());
if (results.some(({ failure }) => failure !== undefined)) process.exitCode = 1;

async function bundle() {
  await build({
    entryPoints: {
      client: join(here, "client.ts"),
      "server-node": join(here, "servers/node.ts"),
      "server-bun": join(here, "servers/bun.ts"),
      "server-deno": join(here, "servers/deno.ts"),
      "server-workerd": join(here, "servers/workerd.ts"),
    },
    bundle: true,
    format: "esm",
    target: "es2022",
    platform: "neutral",
    mainFields: ["module", "main"],
    external: ["node:*", "ws"],
    outdir: directory,
    outExtension: { ".js": ".mjs" },
    logLevel: "error",
  });
}

function folderOf(runtime) {
  return join(directory, runtime.replace(" ", ""));
}

function install(runtime) {
  const names = Object.entries(PACKAGES[runtime]).map(([name, version]) => `${name}@${version}`);
  const folder = folderOf(runtime);
  const args = [
    "install",
    "--prefix",
    folder,
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
    ...names,
  ];
  if (runtime.startsWith("node")) args.push("ws@8");
  const { status } = spawnSync("npm", args, { stdio: ["ignore", "ignore", "inherit"] });
  if (status !== 0) throw new Error(`Could not install ${names.join(", ")}.`);
}

function programOf(runtime) {
  const modules = join(folderOf(runtime), "node_modules");
  if (runtime.startsWith("node")) return [join(modules, `node-${platform}`, "bin", "node")];
  const program = join(modules, ".bin", runtime);
  return runtime === "deno" ? [program, "run", "--allow-all", "--quiet"] : [program];
}

async function startServer(runtime) {
  const kind = runtime.split(" ")[0];
  if (kind === "workerd") return startWorkerd();
  // The node server imports `ws`, which is looked up from where its file is.
  const file = join(folderOf(runtime), "server.mjs");
  copyFileSync(join(directory, `server-${kind}.mjs`), file);
  const [program, ...args] = programOf(runtime);
  const child = spawn(program, [...args, file], { stdio: ["ignore", "pipe", "inherit"] });
  for await (const line of createInterface(child.stdout)) {
    const address = /listening on (\S+)/.exec(line)?.[1];
    if (address !== undefined) return { address, stop: () => stop(child) };
  }
  throw new Error(`The server in ${runtime} didn't start.`);
}

async function startWorkerd() {
  const address = `127.0.0.1:${await freePort()}`;
  const config = join(directory, "config.capnp");
  writeFileSync(
    config,
    `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [ (name = "main", worker = .mainWorker) ],
  sockets = [ ( name = "http", address = "${address}", http = (), service = "main" ) ]
);

const mainWorker :Workerd.Worker = (
  modules = [ (name = "worker", esModule = embed "server-workerd.mjs") ],
  compatibilityDate = "2026-01-01",
);
`,
  );
  const [program] = programOf("workerd");
  const child = spawn(program, ["serve", config], { stdio: ["ignore", "inherit", "inherit"] });
  for (;;) {
    const answer = await fetch(`http://${address}/`).catch(() => undefined);
    if (answer !== undefined) return { address, stop: () => stop(child) };
    if (child.exitCode !== null) throw new Error("The server in workerd didn't start.");
  }
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

async function stop(child) {
  child.kill("SIGKILL");
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
}

/** What went wrong, if anything did. */
function runClient(runtime, address) {
  const [program, ...args] = programOf(runtime);
  const { stdout, stderr, error } = spawnSync(
    program,
    [...args, join(directory, "client.mjs"), address],
    { encoding: "utf8", timeout: 30_000 },
  );
  if (stdout?.trim() === EXPECTED) return undefined;
  return `${error?.message ?? ""} ${stdout} ${stderr}`.trim().slice(0, 2000);
}

function page() {
  const clients = [...new Set(results.map(({ client }) => client))];
  const servers = [...new Set(results.map(({ server }) => server))];
  const cell = (server, client) =>
    results.find((each) => each.server === server && each.client === client)?.failure === undefined
      ? "passes"
      : "fails";
  return `# Runtimes

The same program, with each runtime as the client and each as the server, over a WebSocket session and an
HTTP batch: calls, callbacks, maps, errors, streams both ways, values, blobs, responses. Generated by
\`npm run test:runtimes -- --write\`. Node 20 runs the whole test suite.

| server | ${clients.map((client) => `client: ${client}`).join(" | ")} |
|---|${clients.map(() => "---|").join("")}
${servers
  .map((server) => `| ${server} | ${clients.map((client) => cell(server, client)).join(" | ")} |`)
  .join("\n")}
`;
}
