import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { installedNode, installNode } from "../../../scripts/install-node.mjs";

/** The newest Node. */
export const NEWEST_NODE = "26";

/** Both that are measured for the published figures; the first is what the charts show. */
export const NODES: readonly string[] = [NEWEST_NODE, "20"];

/** A Node that programs are run with. */
export interface Node {
  readonly path: string;
  /** "v26.10.0" */
  readonly version: string;
}

/**
 * Gives a Node of a major version: this one if it is of that version, else one from npm.
 *
 * @param refresh whether to ask npm for a newer one although there is one from an earlier run
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
