import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Runtimes } from "../../../../interop/runtimes/runtimes.mjs";
import { startWorker } from "../../../../interop/runtimes/workerd.mjs";
import { freePort } from "../../../../scripts/free-port.mjs";
import { bundle, FOLDER, PROGRAMS } from "./bundle.ts";

/** An application that runs. */
export interface App {
  /** The host and port. */
  readonly address: string;
  /** The process, if it drains when it is told to end. */
  readonly child?: ChildProcess;
  stop(): Promise<void>;
}

/** Milliseconds between two requests to a server that doesn't listen yet. */
const INTERVAL = 50;

/** The other runtimes. They stay installed from one run to the next. */
export const runtimes = new Runtimes(join(FOLDER, "node_modules/.runtimes"));

/** Starts a file below `apps` in a runtime. */
export async function startApp(name: string, runtime = "node 20"): Promise<App> {
  if (runtime === "workerd") {
    await bundle(name);
    return startWorker(runtimes, PROGRAMS, name.replace("/", "-"));
  }
  const port = await freePort();
  const [program, ...args] = runtimes.programOf(runtime);
  return startProgram(port, program!, [...args, await bundle(name, port)]);
}

/**
 * Starts a program that listens on a port, and waits until it is ready.
 *
 * @param options those of the process; `path` answers 200 to show it. Default `"/ready"`
 */
export async function startProgram(
  port: number,
  program: string,
  args: readonly string[],
  { path = "/ready", ...options }: { cwd?: string; env?: NodeJS.ProcessEnv; path?: string } = {},
): Promise<App> {
  const child = spawn(program, args, { ...options, stdio: ["ignore", "ignore", "pipe"] });
  let errors = "";
  child.stderr!.on("data", (data) => {
    errors += data;
  });
  const address = `127.0.0.1:${port}`;
  while ((await statusOf(`http://${address}${path}`)) !== 200) {
    if (child.exitCode !== null) throw new Error(`${args.at(-1)} didn't start:\n${errors}`);
    await sleep(INTERVAL);
  }
  return {
    address,
    child,
    async stop() {
      child.kill("SIGKILL");
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    },
  };
}

function statusOf(url: string): Promise<number | undefined> {
  return fetch(url).then(
    ({ status }) => status,
    () => undefined,
  );
}

export function installRuntimes(...names: string[]): void {
  for (const name of names) {
    mkdirSync(runtimes.folderOf(name), { recursive: true });
    runtimes.install(name);
  }
}
