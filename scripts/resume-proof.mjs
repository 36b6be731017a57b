// Proves that sessions survive cuts, for longer than `npm test` does: every scenario and golden
// scene is cut before, within and after every message, in memory and over sockets, random programs
// run with random cuts, frames are compared with a plain model, and streams cross a proxy that cuts
// them.
//
//   npm run resume:proof -- --programs 1000 --seed 2 --megabytes 100 --cuts 50
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root } from "./packages.mjs";

const { values } = parseArgs({
  options: {
    programs: { type: "string", default: "1000" },
    seed: { type: "string", default: "1" },
    megabytes: { type: "string", default: "100" },
    cuts: { type: "string", default: "50" },
  },
});

const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
const projects = ["--project", "interop", "--project", "resume"];
const files = [
  "interop/test/resume.test.ts",
  "interop/test/resume-sockets.slow.test.ts",
  "interop/test/resume-streams.test.ts",
  "packages/resume/test/model.test.ts",
];
const { status } = spawnSync(process.execPath, [vitest, "run", ...projects, ...files], {
  cwd: root,
  stdio: "inherit",
  env: {
    ...process.env,
    RUNS: values.programs,
    SEED: values.seed,
    MEGABYTES: values.megabytes,
    CUTS: values.cuts,
  },
});
process.exit(status ?? 1);
