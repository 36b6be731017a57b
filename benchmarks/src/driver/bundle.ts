import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const benchmarks = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Bundles the program of the measured processes, so that no TypeScript is compiled when they start,
 * as for users. The bundle contains our code. Packages from npm are imported as published.
 *
 * @returns the program's path
 */
export async function bundleParticipant(): Promise<string> {
  const { dependencies } = JSON.parse(readFileSync(join(benchmarks, "package.json"), "utf8"));
  const outdir = join(benchmarks, "dist");
  await build({
    entryPoints: [join(benchmarks, "src/participant/main.ts")],
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    platform: "node",
    format: "esm",
    target: "node20",
    external: Object.keys(dependencies).filter((name) => !name.startsWith("@capnweb/")),
    logLevel: "error",
  });
  return join(outdir, "main.mjs");
}
