// Compiles the type tests with TypeScript 5.9, 6 and 7, in the settings that users have.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const COMPILERS = [
  "../node_modules/typescript-5.9",
  "../node_modules/typescript-6",
  "../../../node_modules/typescript",
];
const CONFIGS = [
  "tsconfig.json",
  "tsconfig.loose.json",
  "tsconfig.no-dom.json",
  "tsconfig.no-disposable.json",
  "tsconfig.workers.json",
];
const path = (name) => fileURLToPath(new URL(name, import.meta.url));

for (const compiler of COMPILERS) {
  for (const config of CONFIGS) {
    const args = [path(`${compiler}/bin/tsc`), "-p", path(config)];
    const { status } = spawnSync(process.execPath, args, { stdio: "inherit" });
    if (status === 0) continue;
    console.error(`${config} fails with ${compiler}`);
    process.exitCode = 1;
  }
}
