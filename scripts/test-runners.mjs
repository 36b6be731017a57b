// Uses testkit as other projects do: installs the packages from their tarballs outside the
// workspace, and runs the tests of interop/runners with vitest, node:test, jest and mocha.
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root, run, withTarballs } from "./packages.mjs";

const PACKAGES = ["core", "testkit", "transport-ws", "wire"].map((name) => `@capnweb/${name}`);
const VERSIONS = { jest: "^30.0.0", mocha: "^11.0.0", vitest: "^4.0.0", ws: "^8.18.0" };

/** Each runner's command, and the number of tests that it has to report as passed. */
const RUNNERS = {
  vitest: ["node_modules/vitest/vitest.mjs", "run", "vitest.test.mjs"],
  "node:test": ["--test", "--test-reporter=tap", "node.mjs"],
  jest: ["--experimental-vm-modules", "node_modules/jest/bin/jest.js", "--ci"],
  mocha: ["node_modules/mocha/bin/mocha.js", "mocha.mjs"],
};
/** Reads the number of tests that passed from each runner's output. */
const PASSED = {
  vitest: /Tests\s+(\d+) passed/,
  "node:test": /^# pass (\d+)/m,
  jest: /Tests:\s+(\d+) passed/,
  mocha: /(\d+) passing/,
};

run("turbo", ["run", "build", ...PACKAGES.map((name) => `--filter=${name}`)]);
await withTarballs((tarballs, directory) => {
  const project = join(directory, "runners");
  mkdirSync(project);
  cpSync(join(root, "interop/runners"), project, { recursive: true });
  const packed = tarballs.map(({ manifest, tarball }) => [manifest.name, `file:${tarball}`]);
  const manifest = {
    private: true,
    type: "module",
    dependencies: { ...Object.fromEntries(packed), ...VERSIONS },
    jest: { testMatch: ["**/*.spec.mjs"], transform: {}, testEnvironment: "node" },
  };
  writeFileSync(join(project, "package.json"), JSON.stringify(manifest));
  const args = ["install", "--no-audit", "--no-fund", "--loglevel=error"];
  execFileSync("npm", args, { cwd: project, stdio: ["ignore", "pipe", "inherit"] });
  const counts = Object.entries(RUNNERS).map(([name, command]) => test(project, name, command));
  if (new Set(counts).size > 1 || counts[0] < 15) {
    throw new Error(`The runners ran different numbers of tests: ${counts.join(", ")}.`);
  }
}, PACKAGES);

/** Runs the tests with a runner, and returns the number of those that passed. */
function test(project, name, args) {
  const { NODE_OPTIONS: _, NODE_TEST_CONTEXT: __, VITEST: ___, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: project,
    encoding: "utf8",
    env: { ...env, NO_COLOR: "1" },
  });
  const passed = PASSED[name].exec(`${stdout}${stderr}`)?.[1];
  if (status !== 0 || passed === undefined) {
    throw new Error(`The tests failed with ${name}:\n${stdout}${stderr}`);
  }
  console.log(`${name}: ${passed} tests passed`);
  return Number(passed);
}
