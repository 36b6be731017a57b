// Prepares the workspace on a machine that has only Node and npm. Runs the pnpm that package.json
// pins through npx, and does nothing if the last install is still valid. Uses no dependencies, and
// no syntax that an old Node couldn't parse, so that it can ask for a newer one.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const stamp = join(root, "node_modules", ".bootstrap");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

requireNode(manifest.engines.node);
const wanted = fingerprint();
if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== wanted) {
  install(manifest.packageManager);
  writeFileSync(stamp, wanted);
}

/** Ends the process with a message if this Node is older than `range` (">=X.Y") allows. */
function requireNode(range) {
  const [major, minor] = range.replace(">=", "").split(".").map(Number);
  const [haveMajor, haveMinor] = process.versions.node.split(".").map(Number);
  if (haveMajor > major || (haveMajor === major && haveMinor >= minor)) return;
  console.error(`This repository needs Node ${range}; this is Node ${process.versions.node}.`);
  process.exit(1);
}

/**
 * A hash of everything that an install depends on. The lockfile stands for the manifests: pnpm
 * refuses a frozen install if they disagree, and names the manifest.
 */
function fingerprint() {
  const hash = createHash("sha256");
  hash.update(`${process.platform} ${process.arch} ${manifest.packageManager}\n`);
  for (const file of ["pnpm-lock.yaml", "pnpm-workspace.yaml"]) {
    hash.update(readFileSync(join(root, file)));
  }
  return hash.digest("hex");
}

function install(packageManager) {
  console.log(`Installing dependencies with ${packageManager} ...`);
  const command = `npx --yes ${packageManager} install --frozen-lockfile`;
  // Uses a shell, because npx is a .cmd file on Windows. The command contains no input to quote.
  const { status, error } = spawnSync(command, {
    cwd: root,
    shell: true,
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (error !== undefined) console.error(error.message);
  if (status === 0) return;
  console.error(`"${command}" failed; see above. It needs access to the npm registry.`);
  process.exit(status ?? 1);
}
