// The runtimes, their sources, and the way to run a program in each.
import { spawnSync } from "node:child_process";
import { cpSync } from "node:fs";
import { join } from "node:path";

const platform = `${process.platform}-${process.arch}`;

/** The npm package of each runtime. Node is the running one, and Chromium is searched for. */
const PACKAGES = {
  "node 20": {},
  "node 22": { [`node-${platform}`]: "22" },
  "node 24": { [`node-${platform}`]: "24" },
  "node 26": { [`node-${platform}`]: "26" },
  bun: { bun: "1.4.5" },
  deno: { deno: "2.9.6" },
  workerd: { workerd: "1.20261117.1" },
};

export const SERVERS = Object.keys(PACKAGES);
export const CLIENTS = [...SERVERS, "chromium"];

export class Runtimes {
  #directory;

  /** @param directory a temporary directory, in which everything is installed */
  constructor(directory) {
    this.#directory = directory;
  }

  folderOf(runtime) {
    return join(this.#directory, runtime.replace(" ", ""));
  }

  install(runtime) {
    const packages = { ...PACKAGES[runtime], ...(runtime.startsWith("node") && { ws: "8" }) };
    const names = Object.entries(packages).map(([name, version]) => `${name}@${version}`);
    const folder = this.folderOf(runtime);
    const quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
    const { status } = spawnSync("npm", ["install", "--prefix", folder, ...quiet, ...names], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    if (status !== 0) throw new Error(`Could not install ${names.join(", ")}.`);
  }

  /** The command that runs a module, without the module's path. */
  programOf(runtime) {
    if (runtime === "node 20") return [process.execPath];
    const modules = join(this.folderOf(runtime), "node_modules");
    if (runtime.startsWith("node")) return [join(modules, `node-${platform}`, "bin", "node")];
    const program = join(modules, ".bin", runtime);
    return runtime === "deno" ? [program, "run", "--allow-all", "--quiet"] : [program];
  }

  /** Puts a module into a place where it finds the packages that it imports. */
  place(runtime, module) {
    const file = join(this.folderOf(runtime), module.split("/").at(-1));
    cpSync(module, file);
    return file;
  }
}
