// Runs the tests on other versions of Node, which come as npm packages: `npm run test:node -- 22 24`.
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./packages.mjs";

const versions = process.argv.slice(2);
if (versions.length === 0) versions.push("20", "22", "24", "26");
const platform = `${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
let failed = 0;

for (const version of versions) {
  const directory = join(tmpdir(), `capnweb-node-${version}-${process.pid}`);
  mkdirSync(directory, { recursive: true });
  try {
    const node = install(version, directory);
    const { stdout } = spawnSync(node, ["--version"], { encoding: "utf8" });
    console.log(`\n== Node ${stdout.trim()}`);
    const { status } = spawnSync(
      node,
      [join(root, "node_modules/vitest/vitest.mjs"), "run", "--reporter=dot"],
      {
        cwd: root,
        stdio: "inherit",
        env: { ...process.env, PATH: `${join(node, "..")}:${process.env.PATH}` },
      },
    );
    if (status !== 0) failed++;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
process.exitCode = failed === 0 ? 0 : 1;

function install(version, directory) {
  const name = `node-${platform}@${version}`;
  const { status } = spawnSync(
    "npm",
    ["install", "--prefix", directory, "--no-audit", "--no-fund", "--loglevel=error", name],
    { stdio: "inherit", shell: process.platform === "win32" },
  );
  if (status !== 0) throw new Error(`Could not install ${name}.`);
  return join(directory, "node_modules", `node-${platform}`, "bin", "node");
}
