// Uses the packages as users do: installs them from their tarballs in projects outside the
// workspace (interop/packages), and makes calls with Node, Jest, TypeScript, Vite, webpack, esbuild
// and React Native's engine. `npm run test:packages -- node jest` runs some of the projects.
import { execFile, execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { installNode } from "./install-node.mjs";
import { evaluate, greetingServer, installedCompilers } from "./package-projects.mjs";
import { PEERS, publishedEntries, root, run, withTarballs } from "./packages.mjs";

const execute = promisify(execFile);
const CLIENT = ["wire", "core", "transport-ws"];
const TYPES = { "@types/node": "^20.19.0", "@types/ws": "^8.18.0" };

const PROJECTS = { node, jest, typescript, vite, bundled, reactNative };
const wanted = process.argv.slice(2);

run("turbo", ["run", "build"]);
await withTarballs(async (tarballs, directory) => {
  for (const [name, test] of Object.entries(PROJECTS)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const since = performance.now();
    for await (const passed of test(tarballs, directory)) console.log(`ok   ${passed}`);
    console.log(`     ${name} took ${Math.round((performance.now() - since) / 1000)} s`);
  }
});

/** Copies a project of interop/packages, and installs packages in it. @returns its folder */
function project({ folder, tarballs, directory, packages, others, type = "module" }) {
  const target = join(directory, folder);
  mkdirSync(target);
  cpSync(join(root, "interop/packages", folder), target, { recursive: true });
  const packed = tarballs
    .filter(({ manifest }) => !packages || packages.includes(manifest.name.split("/")[1]))
    .map(({ manifest, tarball }) => [manifest.name, `file:${tarball}`]);
  const dependencies = { ...Object.fromEntries(packed), ...others };
  writeFileSync(
    join(target, "package.json"),
    JSON.stringify({ private: true, type, dependencies }),
  );
  const args = ["install", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"];
  execFileSync("npm", args, { cwd: target, stdio: ["ignore", "pipe", "inherit"] });
  return target;
}

/** Runs a program in a project, and shows its output if it fails. */
async function inProject(cwd, program, args, env = {}) {
  const { NODE_OPTIONS: _, VITEST: __, ...rest } = process.env;
  try {
    const { stdout } = await execute(program, args, {
      cwd,
      env: { ...rest, ...env },
      timeout: 90_000,
    });
    return stdout;
  } catch (error) {
    throw new Error(`${program} ${args.join(" ")} failed:\n${error.stdout}${error.stderr}`);
  }
}

async function* node(tarballs, directory) {
  const cwd = project({ folder: "node", tarballs, directory, others: PEERS });
  const entries = publishedEntries(tarballs);
  writeFileSync(join(cwd, "entries.json"), JSON.stringify(entries));
  for (const version of ["20", "22", "24", "26"]) {
    const program = installNode(version, join(directory, `node-${version}`));
    for (const file of ["import.mjs", "require.cjs"]) {
      await inProject(cwd, program, [file]);
      yield `Node ${version}: ${file} of ${entries.length} entries, with calls`;
    }
  }
}

async function* jest(tarballs, directory) {
  const others = { jest: "30.5.2", "@swc/core": "^1.15.0", "@swc/jest": "0.2.39", ws: PEERS.ws };
  const cwd = project({
    folder: "jest",
    tarballs,
    directory,
    packages: CLIENT,
    others,
    type: "commonjs",
  });
  const args = ["node_modules/jest/bin/jest.js", "--ci"];
  await inProject(cwd, process.execPath, args);
  yield "Jest in its CommonJS mode";
  const program = installNode("24", join(directory, "node-for-jest"));
  const flags = ["--experimental-vm-modules", ...args, "--config=native.config.json"];
  await inProject(cwd, program, flags);
  yield "Jest on Node 24 with --experimental-vm-modules, without transforming packages";
}

async function* typescript(tarballs, directory) {
  const cwd = project({
    folder: "typescript",
    tarballs,
    directory,
    packages: CLIENT,
    others: TYPES,
  });
  for (const [name, compiler] of Object.entries(installedCompilers)) {
    for (const [module, moduleResolution] of [
      ["node16", "node16"],
      ["nodenext", "nodenext"],
      ["esnext", "bundler"],
    ]) {
      const settings = ["--module", module, "--moduleResolution", moduleResolution];
      await inProject(cwd, process.execPath, [compiler, "-p", ".", ...settings]);
      yield `${name}, moduleResolution ${moduleResolution}, strict, with the checks of libraries`;
    }
  }
}

async function* vite(tarballs, directory) {
  const others = {
    "@types/react": "^19.0.0",
    "@types/react-dom": "^19.0.0",
    "@vitejs/plugin-react": "6.3.0",
    react: "19.3.1",
    "react-dom": "19.3.1",
    vite: "8.4.0",
  };
  const cwd = project({ folder: "vite", tarballs, directory, packages: CLIENT, others });
  cpSync(join(root, "interop/packages/bundled/calls.ts"), join(cwd, "src/calls.ts"));
  await inProject(cwd, process.execPath, [installedCompilers["TypeScript 7"], "-p", "."]);
  await inProject(cwd, process.execPath, ["node_modules/vite/bin/vite.js", "build"]);
  yield "Vite's react-ts template: types, production build";
}

async function* bundled(tarballs, directory) {
  const others = { webpack: "5.113.0", esbuild: "0.28.2", ws: PEERS.ws };
  const cwd = project({ folder: "bundled", tarballs, directory, packages: CLIENT, others });
  for (const bundler of ["esbuild", "webpack"]) {
    await inProject(cwd, process.execPath, [`${bundler}.mjs`]);
    const server = await greetingServer(cwd);
    try {
      await evaluate(readFileSync(join(cwd, "dist", `${bundler}.js`), "utf8"), server.url);
    } finally {
      server.close();
    }
    yield `${bundler}: a script for pages, evaluated with calls`;
  }
}

async function* reactNative(tarballs, directory) {
  const others = {
    "@react-native/babel-preset": "0.88.1",
    "@react-native/metro-config": "0.88.1",
    "hermes-engine-cli": "0.12.0",
    metro: "0.87.1",
  };
  const cwd = project({ folder: "react-native", tarballs, directory, packages: CLIENT, others });
  await inProject(cwd, process.execPath, ["metro.mjs"]);
  const system = { darwin: "osx-bin", win32: "win64-bin" }[process.platform] ?? "linux64-bin";
  const hermes = join(cwd, "node_modules/hermes-engine-cli", system, "hermes");
  const output = await inProject(cwd, hermes, ["-Xmicrotask-queue", "-w", "bundle.js"]);
  if (!output.endsWith("passed\n")) throw new Error(`The program in Hermes failed:\n${output}`);
  yield "React Native: Metro's bundle in Hermes, with calls, and errors for missing globals";
}
