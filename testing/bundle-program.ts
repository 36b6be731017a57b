import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

/**
 * Bundles a program in TypeScript with the packages of this repository that it imports. Node starts
 * one file much faster than it compiles hundreds.
 *
 * @param source the program's file
 * @param folder a folder from which Node finds the dependencies. By default a folder in the
 *   `node_modules` of the package whose folder of tests has the program
 * @param external packages besides, which Node loads from that folder
 * @returns the path of the bundle
 */
export function bundleProgram(
  source: URL,
  folder = fileURLToPath(new URL("../../node_modules/.programs/", source)),
  external: readonly string[] = [],
): string {
  const outfile = join(folder, basename(source.pathname).replace(/ts$/, "mjs"));
  buildSync({
    entryPoints: [fileURLToPath(source)],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "es2022",
    external: [
      "@fails-components/webtransport",
      "@opentelemetry/*",
      "libsql",
      "pino",
      "prom-client",
      "selfsigned",
      "ws",
      ...external,
    ],
    logLevel: "error",
  });
  return outfile;
}
