import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { freePort } from "../../../../scripts/free-port.mjs";
import { run, withTarballs } from "../../../../scripts/packages.mjs";
import { bundleServer, FOLDER } from "./bundle.ts";
import { type App, startProgram } from "./start.ts";

/** The packages that an application installs, and those that they depend on. */
const PACKAGES = ["core", "host", "resume", "transport-http", "transport-ws", "wire"].map(
  (name) => `@capnweb/${name}`,
);

/** Milliseconds after which a build hangs, on a busy machine too. */
export const BUILD_TIMEOUT = 900_000;

/** An application of a framework that has a build, installed outside the workspace. */
export class Project {
  readonly #directory: string;

  private constructor(directory: string) {
    this.#directory = directory;
  }

  /**
   * Installs the packages from their tarballs, and builds the application.
   *
   * @param name a folder beside `apps`
   * @param host the place of the file with the host
   * @param command the build
   */
  static async build(name: string, host: string, ...command: string[]): Promise<Project> {
    const directory = mkdtempSync(join(tmpdir(), `capnweb-${name}-`));
    cpSync(join(FOLDER, name), directory, { recursive: true });
    cpSync(join(FOLDER, "apps/host.ts"), join(directory, host));
    run("tsc", ["-b", "packages/host"]);
    await withTarballs((tarballs) => {
      const packed = tarballs.map(({ manifest, tarball }) => [manifest.name, `file:${tarball}`]);
      const file = join(directory, "package.json");
      const own = JSON.parse(readFileSync(file, "utf8"));
      const dependencies = { ...own.dependencies, ...Object.fromEntries(packed) };
      writeFileSync(file, JSON.stringify({ ...own, dependencies }));
      const args = ["install", "--no-audit", "--no-fund", "--loglevel=error"];
      execFileSync("npm", args, { cwd: directory, stdio: ["ignore", "ignore", "inherit"] });
    }, PACKAGES);
    const [program, ...args] = command;
    const { status, stdout, stderr } = spawnSync(program!, args, {
      cwd: directory,
      env: environment(directory),
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(`${command.join(" ")} failed:\n${stdout}${stderr}`);
    return new Project(directory);
  }

  /**
   * Starts the framework's own server.
   *
   * @param path answers 200 as soon as it is ready
   */
  async startOwn(path: string, ...args: string[]): Promise<App> {
    const port = await freePort();
    const env = {
      ...environment(this.#directory),
      HOST: "127.0.0.1",
      PORT: `${port}`,
      // Without it, SvelteKit takes its own pages for those of another origin.
      ORIGIN: `http://127.0.0.1:${port}`,
      // The bound of SvelteKit, which is lower than the host's own, and ends its requests.
      BODY_SIZE_LIMIT: "Infinity",
    };
    return startProgram(port, process.execPath, args, { cwd: this.#directory, env, path });
  }

  /** Starts `server.ts`, which puts a host onto the framework's server. */
  async startServer(): Promise<App> {
    const port = await freePort();
    const outfile = join(this.#directory, "server.mjs");
    await bundleServer(join(this.#directory, "server.ts"), outfile, port);
    const env = environment(this.#directory);
    return startProgram(port, process.execPath, [outfile], { cwd: this.#directory, env });
  }

  remove(): void {
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

/** The variables of production, with the programs of the project, without those of the tests. */
function environment(directory: string): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _, VITEST: __, ...env } = process.env;
  const programs = join(directory, "node_modules/.bin");
  return {
    ...env,
    PATH: `${programs}${delimiter}${env["PATH"]}`,
    NODE_ENV: "production",
    NEXT_TELEMETRY_DISABLED: "1",
  };
}
