// Starts servers in runtimes.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { startWorker, stop } from "./workerd.mjs";

/**
 * Starts a server for a runtime.
 *
 * @param name `"server"`, or `"host"` for a host of sessions
 * @returns its address, and a function that stops it
 */
export async function startServer(runtimes, runtime, directory, name = "server") {
  const kind = runtime.split(" ")[0];
  if (kind === "workerd") return startWorker(runtimes, directory, `${name}-workerd`);
  const file = runtimes.place(runtime, join(directory, `${name}-${kind}.mjs`));
  const [program, ...args] = runtimes.programOf(runtime);
  const child = spawn(program, [...args, file], { stdio: ["ignore", "pipe", "ignore"] });
  for await (const line of createInterface(child.stdout)) {
    const address = /listening on (\S+)/.exec(line)?.[1];
    if (address !== undefined) return { address, stop: () => stop(child) };
  }
  throw new Error(`The server in ${runtime} didn't start.`);
}
