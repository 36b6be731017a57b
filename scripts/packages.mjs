// The published packages, and the steps that their checks share.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

/** Optional peers, which some entries import. */
export const PEERS = {
  "@fails-components/webtransport": "^1.6.8",
  "@opentelemetry/api": "^1.9.0",
  "fast-check": "^4.0.0",
  libsql: "^0.5.0",
  pino: "^10.0.0",
  "prom-client": "^15.0.0",
  selfsigned: "^5.5.0",
  vitest: "^4.0.0",
  ws: "^8.18.0",
};

/** Returns `{ directory, manifest }` of every package that isn't private. */
export function publishedPackages() {
  return readdirSync(join(root, "packages"))
    .map((name) => {
      const directory = join(root, "packages", name);
      return {
        directory,
        manifest: JSON.parse(readFileSync(join(directory, "package.json"), "utf8")),
      };
    })
    .filter(({ manifest }) => !manifest.private);
}

/** The names of all entries of packed packages that contain code. */
export function publishedEntries(tarballs) {
  return tarballs.flatMap(({ manifest }) =>
    Object.keys(manifest.publishConfig.exports)
      .filter((entry) => !entry.includes("json"))
      .map((entry) => manifest.name + entry.slice(1)),
  );
}

/** Runs a program of node_modules/.bin. Shows its output only if it fails. */
export function run(program, args, cwd = root) {
  const binaries = join(root, "node_modules", ".bin");
  try {
    return execFileSync(join(binaries, program), args, {
      cwd,
      encoding: "utf8",
      // Turbo looks for pnpm there.
      env: {
        ...process.env,
        PATH: `${binaries}${delimiter}${process.env.PATH}`,
        DO_NOT_TRACK: "1",
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
  } catch (error) {
    const output = `${error.stdout ?? ""}${error.stderr ?? ""}`;
    throw new Error(`${program} ${args.join(" ")} failed in ${cwd}:\n${output}`);
  }
}

/**
 * Packs packages in their published form, hands the tarballs to `use`, and cleans up.
 *
 * @param names the packages; all by default
 */
export async function withTarballs(use, names) {
  const directory = mkdtempSync(join(tmpdir(), "capnweb-pack-"));
  try {
    const wanted = publishedPackages().filter(
      (each) => names?.includes(each.manifest.name) ?? true,
    );
    const tarballs = wanted.map(({ directory: source, manifest }) => {
      run("pnpm", ["pack", "--pack-destination", directory], source);
      const file = `${manifest.name.replace("@", "").replace("/", "-")}-${manifest.version}.tgz`;
      return { manifest, tarball: join(directory, file) };
    });
    await use(tarballs, directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
