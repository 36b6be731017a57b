import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { installedNode, installNode } from "../../../scripts/install-node.mjs";

/** The newest Node. */
export const NEWEST_NODE = "26";

/** The versions measured for the published figures. The charts show the first. */
export const NODES: readonly string[] = [NEWEST_NODE, "20"];

/** A version of Node that runs programs. */
export interface Node {
  readonly path: string;
  /** The version, such as "v26.10.0". */
  readonly version: string;
}

/**
 * Finds a Node of a major version: this one if it fits, else one from npm.
 *
 * @param refresh whether to ask npm for a newer version although an earlier run installed one
 */
export function nodeOf(major: string, refresh: boolean): Node {
  if (process.versions.node.startsWith(`${major}.`)) {
    return { path: process.execPath, version: process.version };
  }
  const directory = fileURLToPath(
    new URL(`../../node_modules/.cache/node-${major}`, import.meta.url),
  );
  const earlier = installedNode(directory);
  const path = existsSync(earlier) && !refresh ? earlier : installNode(major, directory);
  return { path, version: execFileSync(path, ["--version"], { encoding: "utf8" }).trim() };
}
