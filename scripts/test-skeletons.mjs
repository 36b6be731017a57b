// Runs the conformance kit on skeletons of docs/skeletons: on the one in Python, or on those that
// are named (`npm run test:skeletons -- python go cpp`), whose tools have to be installed.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./free-port.mjs";
import { root } from "./packages.mjs";

const MOST_LINES = 200;
const FEATURES =
  "values,errors,pipelining,undefined,special-numbers,bigints,small-bigints,dates,invalid-dates," +
  "bytes,typed-arrays,urls,list-holes,aggregate-errors,error-properties,thrown-values";

const file = (extension) => join(root, "docs/skeletons", `application.${extension}`);

/** For each language, the command that serves, and the features whose scenarios have to pass. */
const SKELETONS = {
  python: {
    file: file("py"),
    serve: `python3 ${file("py")}`,
    features: `${FEATURES},lone-surrogates`,
  },
  go: { file: file("go"), serve: `go run ${file("go")}`, features: FEATURES },
  cpp: {
    file: file("cpp"),
    build: (to) => ["g++", "-std=c++20", file("cpp"), "-o", to, "-lcpp-httplib"],
    features: FEATURES,
  },
};

const names = process.argv.slice(2);
const directory = mkdtempSync(join(tmpdir(), "capnweb-skeletons-"));
try {
  for (const name of names.length > 0 ? names : ["python"]) await test(name, SKELETONS[name]);
} finally {
  rmSync(directory, { recursive: true, force: true });
}

async function test(name, { file, serve, build, features }) {
  const lines = readFileSync(file, "utf8").trimEnd().split("\n").length;
  if (lines > MOST_LINES) throw new Error(`${file} has ${lines} lines, over ${MOST_LINES}.`);
  const program = join(directory, name);
  if (build !== undefined) execute(...build(program));
  const port = await freePort();
  const cli = join(root, "packages/testkit/src/cli.ts");
  execute(
    process.execPath,
    "--import",
    "tsx",
    cli,
    "conformance",
    `http://127.0.0.1:${port}/`,
    "--start",
    `${serve ?? program} ${port}`,
    "--features",
    features,
    "--wait",
    "60",
  );
  console.log(`${name}: ${lines} lines, conforms in its features`);
}

function execute(program, ...args) {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: root, encoding: "utf8" });
  if (status === 0) return console.log(stdout.trimEnd().split("\n").at(-1) ?? "");
  throw new Error(`${program} ${args.join(" ")} failed:\n${stdout}${stderr}`);
}
