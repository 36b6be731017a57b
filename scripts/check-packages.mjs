// Checks every package in its published form: the tarball's manifest and files (publint), its types
// under every kind of resolution (are-the-types-wrong), and a program that installs only the
// tarballs and imports every entry.
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compilePrograms } from "./compile-programs.mjs";
import { PEERS, publishedEntries, run, withTarballs } from "./packages.mjs";

run("turbo", ["run", "build"]);
await withTarballs(async (tarballs, directory) => {
  for (const { manifest, tarball } of tarballs) {
    run("publint", ["run", tarball, "--strict"]);
    // Both gaps are intended: "node10" knows no exports, and CommonJS can import ES modules only
    // dynamically.
    run("attw", [tarball, "--profile", "esm-only", "--format", "ascii"]);
    checkManifest(tarball);
    console.log(`${manifest.name}: publint and are-the-types-wrong find nothing`);
  }
  const project = install(tarballs, directory);
  importAll(tarballs, project);
  await compilePrograms(project);
});

/**
 * Checks that the published manifest says where the project lives, and has nothing that only this
 * repository uses.
 */
function checkManifest(tarball) {
  const text = execFileSync("tar", ["-xzOf", tarball, "package/package.json"], {
    encoding: "utf8",
  });
  const manifest = JSON.parse(text);
  for (const field of ["repository", "homepage", "bugs", "keywords", "license"]) {
    if (!manifest[field]) throw new Error(`${manifest.name}'s published manifest lacks ${field}.`);
  }
  for (const field of ["scripts", "devDependencies"]) {
    if (manifest[field]) throw new Error(`${manifest.name}'s published manifest has ${field}.`);
  }
}

/** Installs all tarballs in an empty project, along with the peers of their optional entries. */
function install(tarballs, directory) {
  const project = join(directory, "project");
  mkdirSync(project);
  const dependencies = Object.fromEntries(
    tarballs.map(({ manifest, tarball }) => [manifest.name, `file:${tarball}`]),
  );
  writeFileSync(
    join(project, "package.json"),
    JSON.stringify({
      private: true,
      type: "module",
      dependencies: { ...dependencies, ...PEERS },
      devDependencies: { "@types/node": "^20.19.0", "@types/ws": "^8.18.0" },
    }),
  );
  const args = ["install", "--no-audit", "--no-fund", "--loglevel=error"];
  execFileSync("npm", args, { cwd: project, stdio: ["ignore", "pipe", "pipe"] });
  return project;
}

/** Imports every entry of every package. */
function importAll(tarballs, project) {
  const entries = publishedEntries(tarballs);
  const program = entries.map((entry) => `await import(${JSON.stringify(entry)});`).join("\n");
  writeFileSync(join(project, "main.mjs"), program);
  execFileSync(process.execPath, ["main.mjs"], {
    cwd: project,
    stdio: ["ignore", "pipe", "inherit"],
  });
  console.log(`installed from tarballs and imported: ${entries.join(", ")}`);
}
