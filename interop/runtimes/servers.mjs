// Starts servers in runtimes.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** Starts the server for a runtime. @returns its address, and what stops it */
export async function startServer(runtimes, runtime, directory) {
  const kind = runtime.split(" ")[0];
  if (kind === "workerd") return startWorkerd(runtimes, directory);
  const file = runtimes.place(runtime, join(directory, `server-${kind}.mjs`));
  const [program, ...args] = runtimes.programOf(runtime);
  const child = spawn(program, [...args, file], { stdio: ["ignore", "pipe", "ignore"] });
  for await (const line of createInterface(child.stdout)) {
    const address = /listening on (\S+)/.exec(line)?.[1];
    if (address !== undefined) return { address, stop: () => stop(child) };
  }
  throw new Error(`The server in ${runtime} didn't start.`);
}

async function startWorkerd(runtimes, directory) {
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
  const [program] = runtimes.programOf("workerd");
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
