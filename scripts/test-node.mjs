// Runs the tests of the packages on other versions of Node, which come as npm packages, and those
// of interop that use sockets: `npm run test:node -- 22 24`. `--platform` leaves out packages that
// only compute.
import { spawnSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installNode } from "./install-node.mjs";
import { root } from "./packages.mjs";

/**
 * The tests whose outcome depends on Node: those of the packages, those of interop that use
 * sockets, processes or streams of the platform, and those of Node's SQLite. Parts of paths select
 * them.
 */
const INTEROP = [
  ...["announcement-peers", "bytes", "compliance", "context", "golden", "live", "resume-live"],
  ...["resume-streams", "rolling-restarts", "stopped-peers"],
];
const TESTS = [
  ...readdirSync(join(root, "packages")).map((name) => `packages/${name}/test/`),
  ...INTEROP.map((name) => `interop/test/${name}.`),
  "examples/database/test/",
];

/** Of the kit alone. */
const ALIKE = "**/test/attack/**";

/** The packages that compute, and leave everything else to others. */
const PURE = new Set(["compat", "inspector", "plan", "react", "testkit"]);

const PLATFORM = "--platform";
const args = process.argv.slice(2);
const isPlatform = args.includes(PLATFORM);
const tests = TESTS.filter((test) => !isPlatform || !PURE.has(test.split("/")[1]));
const versions = args.filter((arg) => arg !== PLATFORM);
if (versions.length === 0) versions.push("20", "22", "24", "26");
let failed = 0;

for (const version of versions) {
  const directory = join(tmpdir(), `capnweb-node-${version}-${process.pid}`);
  try {
    const node = installNode(version, directory);
    const { stdout } = spawnSync(node, ["--version"], { encoding: "utf8" });
    console.log(`\n== Node ${stdout.trim()}`);
    const { status } = spawnSync(
      node,
      [
        join(root, "node_modules/vitest/vitest.mjs"),
        "run",
        ...tests,
        "--reporter=dot",
        `--exclude=${ALIKE}`,
      ],
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
