// Starts servers in runtimes.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { startWorker, stop } from "./workerd.mjs";

/**
 * Starts the server for a runtime.
 *
 * @returns its address, and a function that stops it
 */
export async function startServer(runtimes, runtime, directory) {
  const kind = runtime.split(" ")[0];
  if (kind === "workerd") return startWorker(runtimes, directory, "server-workerd");
  const file = runtimes.place(runtime, join(directory, `server-${kind}.mjs`));
  const [program, ...args] = runtimes.programOf(runtime);
  const child = spawn(program, [...args, file], { stdio: ["ignore", "pipe", "ignore"] });
  for await (const line of createInterface(child.stdout)) {
    const address = /listening on (\S+)/.exec(line)?.[1];
    if (address !== undefined) return { address, stop: () => stop(child) };
  }
  throw new Error(`The server in ${runtime} didn't start.`);
}
