// Shows where a session in memory spends its time: `npm run profile -- call`. Bundles `program.ts`,
// runs it with --cpu-prof, and adds up the times by module. `--root DIR` profiles the packages of
// another checkout.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { packagesOf } from "../src/driver/bundle.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    root: { type: "string", default: fileURLToPath(new URL("../..", import.meta.url)) },
    node: { type: "string", default: process.execPath },
  },
});
const directory = mkdtempSync(join(tmpdir(), "capnweb-profile-"));
try {
  const bundle = join(directory, "program.mjs");
  await build({
    entryPoints: [fileURLToPath(new URL("program.ts", import.meta.url))],
    bundle: true,
    platform: "node",
    format: "esm",
    target: "es2022",
    outfile: bundle,
    plugins: [packagesOf(values.root)],
  });
  execFileSync(
    values.node,
    [
      "--cpu-prof",
      "--cpu-prof-interval=100",
      `--cpu-prof-dir=${directory}`,
      bundle,
      ...positionals,
    ],
    { stdio: "inherit" },
  );
  const file = readdirSync(directory).find((name) => name.endsWith(".cpuprofile"));
  print(JSON.parse(readFileSync(join(directory, file), "utf8")), modulesOf(bundle));
} finally {
  rmSync(directory, { recursive: true, force: true });
}

/** The module that each line of a bundle comes from. esbuild names the modules in comments. */
function modulesOf(bundle) {
  let current = "";
  return readFileSync(bundle, "utf8")
    .split("\n")
    .map((line) => {
      const [, path] = /^\/\/ .*?packages\/(\S+)\.ts$/.exec(line) ?? [];
      if (path !== undefined) current = path.replace("/src/", "/");
      else if (line.startsWith("// ")) current = "the program";
      return current;
    });
}

function print({ nodes, samples, timeDeltas }, modules) {
  const places = new Map(
    nodes.map(({ id, callFrame: { functionName, url, lineNumber } }) => [
      id,
      url.endsWith("program.mjs")
        ? functionName === "parseJson" || functionName === "stringifyExpression"
          ? `${modules[lineNumber]}: ${functionName}`
          : modules[lineNumber]
        : functionName === "(garbage collector)" || functionName === "(idle)"
          ? functionName
          : "the engine and Node: promises, microtasks",
    ]),
  );
  const times = new Map();
  let total = 0;
  samples.forEach((id, i) => {
    const place = places.get(id);
    if (place === "(idle)") return;
    times.set(place, (times.get(place) ?? 0) + timeDeltas[i]);
    total += timeDeltas[i];
  });
  for (const [place, time] of [...times].sort(([, a], [, b]) => b - a).slice(0, 16)) {
    console.log(`${((time / total) * 100).toFixed(1).padStart(5)} %  ${place}`);
  }
}
