// Compiles programs that use the packages in their published form, with every supported TypeScript
// and with the `lib`s that projects start with, which lack `Disposable`.
import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { root } from "./packages.mjs";

const execute = promisify(execFile);
const core = join(root, "packages", "core", "node_modules");
const COMPILERS = {
  "TypeScript 5.9": join(core, "typescript-5.9", "bin", "tsc"),
  "TypeScript 6": join(core, "typescript-6", "bin", "tsc"),
  "TypeScript 7": join(root, "node_modules", "typescript", "bin", "tsc"),
};

const EVERYWHERE = [
  "wire",
  "core",
  "core/following",
  "core/modular",
  "core/options",
  "core/probe",
  "core/server",
  "transport-http",
  "transport-ws",
  "transport-messageport",
  "transport-webtransport",
  "resume",
  "durable",
  "durable/client",
  "observe",
  "observe/debug",
  "plan",
  "plan/batched",
  "plan/eslint",
  "reconnect",
  "compat",
  "host",
  "host/workers",
];
const NODE_ONLY = [
  "transport-ws/node",
  "host/node",
  "transport-webtransport/node",
  "transport-webtransport/dev-certificate",
  "durable/sqlite",
  "observe/otel",
  "observe/pino",
  "observe/prometheus",
  "testkit",
  "testkit/attack",
  "testkit/conformance",
  "testkit/node-test",
  "testkit/proxy",
];

/** Exports everything from the entries, so that the compiler checks every declaration. */
const reexport = (entries) =>
  entries
    .map((entry) => `export * as ${entry.replace(/\W/g, "_")} from "@capnweb/${entry}";`)
    .join("\n");

/**
 * Compiles only if each awaited result has its own type. If our declarations use a name that a
 * `lib` lacks, the types around it become `any`, without an error where `skipLibCheck` is on.
 */
const NOTHING_IS_ANY = `
import { type RpcPromise, RpcStub, RpcTarget } from "@capnweb/core";

type IsAny<T> = 0 extends 1 & T ? true : false;
declare function assertTyped<T>(value: T, ...isAny: IsAny<T> extends true ? [never] : []): void;

class Room extends RpcTarget { title(): string { return "" } }
interface Api {
  user(): { name: string; room: Room };
  list(): { id: number }[];
  when(): Date;
  room(): Room;
  watch(listener: (change: { room: Room; at: Date }) => void): void;
}
declare const api: RpcStub<Api>;

export async function use() {
  const user = await api.user();
  assertTyped(user);
  assertTyped(user.name);
  // @ts-expect-error an any has every member
  user.missing;
  const list = await api.list();
  assertTyped(list);
  assertTyped(list[0]);
  assertTyped(await api.when());
  const room = await api.room();
  assertTyped(room);
  assertTyped(await room.title());
  assertTyped(room.dup());
  assertTyped(new RpcStub(new Room()));
  await api.watch((change) => {
    assertTyped(change);
    assertTyped(change.room);
  });
  const pending: RpcPromise<{ name: string }> = api.user();
  assertTyped(pending);
  assertTyped(await api.list().map((each) => ({ id: each.id })));
  room[Symbol.dispose]();
  user[Symbol.dispose]();
}
`;

const BROWSER = { lib: ["DOM", "DOM.Iterable"], types: [] };
const NODE = { lib: [], types: ["node"] };
const PROGRAMS = {
  browser: { ...BROWSER, source: reexport(EVERYWHERE) },
  node: {
    ...NODE,
    source: reexport([...EVERYWHERE, ...NODE_ONLY]),
  },
  "typed-browser": { ...BROWSER, source: NOTHING_IS_ANY },
  "typed-node": { ...NODE, source: NOTHING_IS_ANY },
};

/** The settings of projects: the strictest, and those of Vite's templates. */
const SETTINGS = [
  { base: "ES2022", skipLibCheck: false, module: "nodenext", moduleResolution: "nodenext" },
  { base: "ES2023", skipLibCheck: true, module: "esnext", moduleResolution: "bundler" },
  { base: "ES2023", skipLibCheck: false, module: "esnext", moduleResolution: "bundler" },
];

/** Compiles all programs in `project`, in which the packages are installed. */
export async function compilePrograms(project) {
  const tasks = [];
  for (const [name, { source, lib, types }] of Object.entries(PROGRAMS)) {
    const file = `${name}.ts`;
    writeFileSync(join(project, file), source);
    for (const [number, { base, ...settings }] of SETTINGS.entries()) {
      const compilerOptions = {
        noEmit: true,
        strict: true,
        exactOptionalPropertyTypes: true,
        target: "es2022",
        lib: [base, ...lib],
        types,
        ...settings,
      };
      const config = join(project, `tsconfig.${name}-${number}.json`);
      writeFileSync(config, JSON.stringify({ compilerOptions, files: [file] }));
      for (const compiler of Object.keys(COMPILERS)) tasks.push({ config, compiler });
    }
  }
  await compileAll(tasks);
  const names = Object.keys(COMPILERS).join(", ");
  console.log(`programs for browsers and for Node compile with ${names}, and nothing is any`);
}

/** Runs as many compilers at once as there are processors. */
async function compileAll(tasks) {
  const waiting = tasks.values();
  const work = async () => {
    for (const task of waiting) await compile(task);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
}

async function compile({ config, compiler }) {
  try {
    await execute(process.execPath, [COMPILERS[compiler], "-p", config]);
  } catch ({ stdout }) {
    throw new Error(
      `A program fails with ${compiler} and ${readFileSync(config, "utf8")}:\n${stdout}`,
    );
  }
}
