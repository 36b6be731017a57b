// Compiles programs that use the packages in their published form, with every supported TypeScript
// and with the `lib`s that projects start with, which lack `Disposable`.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./packages.mjs";

const core = join(root, "packages", "core", "node_modules");
const COMPILERS = {
  "TypeScript 5.9": join(core, "typescript-5.9", "bin", "tsc"),
  "TypeScript 6": join(core, "typescript-6", "bin", "tsc"),
  "TypeScript 7": join(root, "node_modules", "typescript", "bin", "tsc"),
};

const EVERYWHERE = [
  "wire",
  "core",
  "core/server",
  "transport-http",
  "transport-ws",
  "transport-messageport",
  "transport-webtransport",
  "compat",
];
const NODE_ONLY = [
  "transport-ws/node",
  "transport-webtransport/node",
  "transport-webtransport/dev-certificate",
  "testkit",
  "testkit/attack",
  "testkit/conformance",
  "testkit/node-test",
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
export function compilePrograms(project) {
  for (const [name, { source, lib, types }] of Object.entries(PROGRAMS)) {
    const file = `${name}.ts`;
    writeFileSync(join(project, file), source);
    for (const { base, ...settings } of SETTINGS) {
      compile(project, file, {
        noEmit: true,
        strict: true,
        exactOptionalPropertyTypes: true,
        target: "es2022",
        lib: [base, ...lib],
        types,
        ...settings,
      });
    }
  }
  const names = Object.keys(COMPILERS).join(", ");
  console.log(`programs for browsers and for Node compile with ${names}, and nothing is any`);
}

function compile(project, file, compilerOptions) {
  const config = join(project, "tsconfig.json");
  writeFileSync(config, JSON.stringify({ compilerOptions, files: [file] }));
  for (const [name, compiler] of Object.entries(COMPILERS)) {
    try {
      execFileSync(process.execPath, [compiler, "-p", config], { stdio: "pipe" });
    } catch ({ stdout }) {
      const options = JSON.stringify(compilerOptions);
      throw new Error(`${file} fails with ${name} and ${options}:\n${stdout}`);
    }
  }
}
