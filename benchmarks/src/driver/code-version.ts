import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** The sources of ours that the cases run. */
const MEASURED = ["core", "transport-http", "transport-ws", "wire"].map(
  (name) => `packages/${name}/src`,
);

/**
 * The version of the measured code: the last commit that changed it, and whether it has changed
 * since. Other commits leave it the same. "unknown" outside a repository.
 */
export function codeVersion(): string {
  try {
    const commit = git("log", "-1", "--format=%h", "--", ...MEASURED);
    return git("status", "--porcelain", "--", ...MEASURED) === "" ? commit : `${commit} + changes`;
  } catch {
    return "unknown";
  }
}

function git(...args: readonly string[]): string {
  return execFileSync("git", args, {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  }).trim();
}
