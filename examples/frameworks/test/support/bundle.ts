import { mkdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";

export const FOLDER = fileURLToPath(new URL("../../", import.meta.url));

/** A folder from which the runtimes find the frameworks. */
export const PROGRAMS = join(FOLDER, "node_modules/.programs");

/** Packages that the runtime loads by itself, because they or their dependencies are CommonJS. */
const PACKAGES = ["elysia", "elysia/ws", "express", "fastify", "koa", "ws"];

const OPTIONS = {
  bundle: true,
  format: "esm",
  target: "es2022",
  logLevel: "error",
} as const;

/** Has an application listen on another port than 8080, and on the loopback interface alone. */
const onPort = (port: number | undefined): Plugin => ({
  name: "port",
  setup({ onLoad }) {
    onLoad({ filter: /\/(apps\/[^/]+\/[^/]+|server)\.ts$/ }, async ({ path }) => {
      const contents = (await readFile(path, "utf8"))
        .replace("listen(8080", `listen(${port}, "127.0.0.1"`)
        .replace(', host: "0.0.0.0"', "")
        .replace("port: 8080", `port: ${port}, host: "127.0.0.1", hostname: "127.0.0.1"`);
      return { contents, loader: "ts" };
    });
  },
});

/**
 * Bundles an application for any runtime.
 *
 * @param name the path of a file below `apps`, without its ending
 * @returns the path of the bundle
 */
export async function bundle(name: string, port?: number): Promise<string> {
  mkdirSync(PROGRAMS, { recursive: true });
  const outfile = join(PROGRAMS, `${name.replace("/", "-")}.mjs`);
  await build({
    ...OPTIONS,
    entryPoints: [join(FOLDER, `apps/${name}.ts`)],
    outfile,
    platform: "neutral",
    mainFields: ["module", "main"],
    external: ["node:*", "http", "https", "http2", "stream", "crypto", "url", ...PACKAGES],
    plugins: [onPort(port)],
  });
  return outfile;
}

/** Bundles the files of a program for Node, without its packages. */
export async function bundleServer(entry: string, outfile: string, port: number): Promise<void> {
  await build({
    ...OPTIONS,
    entryPoints: [entry],
    outfile,
    platform: "node",
    packages: "external",
    external: ["./build/*"],
    plugins: [onPort(port)],
  });
}
