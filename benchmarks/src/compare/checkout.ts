import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/**
 * Takes the packages of a commit from the repository, once.
 *
 * @param commit any name of a commit that Git knows
 * @returns the root of the checkout
 */
export function checkoutOf(commit: string): string {
  const git = (...args: string[]) => execFileSync("git", args, { cwd: root, maxBuffer: 1 << 28 });
  const hash = git("rev-parse", "--verify", `${commit}^{commit}`).toString().trim();
  const directory = join(root, "node_modules/.cache/commits", hash);
  if (!existsSync(directory)) {
    const archive = git("archive", hash, "packages");
    mkdirSync(directory, { recursive: true });
    execFileSync("tar", ["-x", "-C", directory], { input: archive });
  }
  return directory;
}
