// Starts workers in workerd.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "../../scripts/free-port.mjs";

/**
 * Starts a bundled worker.
 *
 * @param settings text for the worker's configuration besides its module, such as bindings
 * @param services text for further services, such as a disk
 * @returns its address, and a function that stops it
 */
export async function startWorker(runtimes, directory, name, settings = "", services = "") {
  const address = `127.0.0.1:${await freePort()}`;
  const config = join(directory, `${name}.capnp`);
  // Workers that are clients need the network: by default, they can't reach the loopback.
  writeFileSync(
    config,
    `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    ( name = "main", worker = .mainWorker ),
    ( name = "internet", network = ( allow = ["local", "private"] ) ),
    ${services}
  ],
  sockets = [ ( name = "http", address = "${address}", http = (), service = "main" ) ]
);

const mainWorker :Workerd.Worker = (
  modules = [ ( name = "worker", esModule = embed "${name}.mjs" ) ],
  compatibilityDate = "2026-01-01",
  ${settings}
);
`,
  );
  const [program] = runtimes.programOf("workerd");
  const child = spawn(program, ["serve", config], { stdio: ["ignore", "inherit", "inherit"] });
  for (;;) {
    const answer = await fetch(`http://${address}/`).catch(() => undefined);
    if (answer !== undefined) return { address, stop: () => stop(child) };
    if (child.exitCode !== null) throw new Error(`The worker ${name} didn't start.`);
  }
}

/** Ends a process. */
export async function stop(child) {
  child.kill("SIGKILL");
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
}
