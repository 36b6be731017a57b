import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";

const benchmarks = fileURLToPath(new URL("../..", import.meta.url));

/** The programs of measured processes, as paths. */
export interface Programs {
  /** Runs one participant. */
  readonly main: string;
  /** The module of the class `Participant`. */
  readonly participant: string;
  /** Runs participants of several bundles, whose modules are its arguments. */
  readonly several: string;
}

/**
 * Bundles the programs of the measured processes, so that no TypeScript is compiled when they
 * start, as for users. The bundle contains our code. Packages from npm are imported as published.
 *
 * @param checkout the root of a checkout that has other packages of ours
 */
export async function bundleParticipant(checkout?: string): Promise<Programs> {
  const entries = {
    main: "src/participant/main.ts",
    participant: "src/participant/participant.ts",
    several: "src/participant/several.ts",
  };
  return checkout === undefined
    ? bundle(entries, ".")
    : bundle(entries, "other", [packagesOf(checkout)]);
}

/**
 * Bundles programs for processes of their own.
 *
 * @param entries the modules by name, relative to the folder `benchmarks`
 * @param folder the folder of the bundles, relative to `dist`
 * @returns the paths of the bundles by name
 */
export async function bundle<N extends string>(
  entries: Readonly<Record<N, string>>,
  folder: string,
  plugins: Plugin[] = [],
): Promise<Record<N, string>> {
  const { dependencies } = JSON.parse(readFileSync(join(benchmarks, "package.json"), "utf8"));
  const outdir = join(benchmarks, "dist", folder);
  const names = Object.keys(entries) as N[];
  await build({
    entryPoints: names.map((name) => ({ in: join(benchmarks, entries[name]), out: name })),
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    platform: "node",
    format: "esm",
    target: "node20",
    external: Object.keys(dependencies).filter((name) => !name.startsWith("@capnweb/")),
    plugins,
    logLevel: "error",
  });
  const paths = names.map((name) => [name, join(outdir, `${name}.mjs`)] as const);
  return Object.fromEntries(paths) as Record<N, string>;
}

/** Resolves `@capnweb/wire/internal`, for example, to the sources of a checkout. */
export function packagesOf(checkout: string): Plugin {
  return {
    name: "packages-of-checkout",
    setup(build) {
      build.onResolve({ filter: /^@capnweb\// }, ({ path }) => {
        const [, name, ...entry] = path.split("/");
        const directory = join(checkout, "packages", name!);
        // Only the contestants of the working tree use a package that the commit lacks.
        if (!existsSync(directory)) return { path, external: true };
        const manifest = JSON.parse(readFileSync(join(directory, "package.json"), "utf8"));
        const target = manifest.exports[[".", ...entry].join("/")];
        return { path: join(directory, typeof target === "string" ? target : target.default) };
      });
    },
  };
}
