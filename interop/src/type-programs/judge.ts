import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { TYPE_PROGRAMS } from "./index.ts";
import { IMPORTS, PRELUDE } from "./program.ts";

const PACKAGES = {
  ours: "../../../packages/compat/src/index.ts",
  reference: "../../node_modules/capnweb/dist/index.d.ts",
};
const TSC = fileURLToPath(new URL("../../../node_modules/typescript/bin/tsc", import.meta.url));
const NODE_TYPES = fileURLToPath(new URL("../../../node_modules/@types", import.meta.url));

/**
 * Compiles programs with the types of one of the packages, each as a module of its own.
 *
 * @returns the first complaint about each refused program, by "topic: name"
 */
export function refusals(
  by: keyof typeof PACKAGES,
  topics: readonly string[] = Object.keys(TYPE_PROGRAMS),
): Map<string, string> {
  const directory = mkdtempSync(join(tmpdir(), "type-programs-"));
  try {
    return judge(directory, topics, fileURLToPath(new URL(PACKAGES[by], import.meta.url)));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function judge(directory: string, topics: readonly string[], path: string): Map<string, string> {
  writeFileSync(join(directory, "prelude.ts"), PRELUDE);
  const names = new Map<string, string>();
  for (const topic of topics) {
    mkdirSync(join(directory, topic));
    for (const [i, { name, code }] of TYPE_PROGRAMS[topic]!.entries()) {
      const file = `${topic}/${i}.ts`;
      names.set(file, `${topic}: ${name}`);
      writeFileSync(
        join(directory, file),
        `${IMPORTS}\nexport async function program() {\n${code}\n}`,
      );
    }
  }
  const compilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: "esnext",
    module: "esnext",
    moduleResolution: "bundler",
    allowImportingTsExtensions: true,
    lib: ["esnext", "dom", "dom.iterable", "dom.asynciterable"],
    types: ["node"],
    typeRoots: [NODE_TYPES],
    paths: { rpc: [path] },
  };
  const files = [...names.keys()];
  writeFileSync(join(directory, "tsconfig.json"), JSON.stringify({ compilerOptions, files }));
  const args = [TSC, "--pretty", "false", "-p", directory];
  const { stdout } = spawnSync(process.execPath, args, { cwd: directory, encoding: "utf8" });
  const refused = new Map<string, string>();
  for (const line of stdout.split("\n")) {
    const match = /^(.*?)\(\d+,\d+\): error (.*)$/.exec(line);
    if (!match) continue;
    const name = names.get(match[1]!);
    // A complaint outside of the programs would make every verdict worthless.
    if (name === undefined) throw new Error(`The types themselves don't compile: ${line}`);
    if (!refused.has(name)) refused.set(name, match[2]!);
  }
  return refused;
}
