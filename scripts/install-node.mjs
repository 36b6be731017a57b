// Installs other versions of Node, which come as npm packages.
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";

const platform = `${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;

/**
 * Installs the newest Node of a version (such as "26") into a directory of its own.
 *
 * @returns the path of its program
 */
export function installNode(version, directory) {
  mkdirSync(directory, { recursive: true });
  const name = `node-${platform}@${version}`;
  const { status } = spawnSync(
    "npm",
    ["install", "--prefix", directory, "--no-audit", "--no-fund", "--loglevel=error", name],
    { stdio: ["inherit", "ignore", "inherit"], shell: process.platform === "win32" },
  );
  if (status !== 0) throw new Error(`Could not install ${name}.`);
  return installedNode(directory);
}

/** The path of the program that {@link installNode} put into a directory. */
export function installedNode(directory) {
  return join(directory, "node_modules", `node-${platform}`, "bin", "node");
}
