// Checks that the complete programs in docs/start.md, docs/recipes and docs/from compile, run, end,
// and print what their comments show.
import { once } from "node:events";
import { appendFileSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { compilerMessages } from "../src/compile.ts";
import { COMPLETE_PAGES, DEPLOYING, START } from "../src/complete-pages.ts";
import { linesOf, type Program, writePrograms } from "../src/programs.ts";
import { onFreePort, printedUntilEnd, replaceIn, startProgram } from "../src/run-program.ts";

let directory: string;
let programs: Program[];

const of = (path: string) => programs.filter((each) => each.page === path);

beforeAll(() => {
  ({ directory, programs } = writePrograms(
    [START, DEPLOYING, ...COMPLETE_PAGES],
    ".complete-pages",
  ));
  for (const program of of(START.path)) replaceIn(program, "./api.ts", "./docs-start-md-0.ts");
  for (const program of of("docs/from/grpc-web.md"))
    replaceIn(program, "./gen/music_pb.ts", "../../src/grpc-web/music_pb.ts");
});

async function run(program: Program): Promise<string[]> {
  return await printedUntilEnd(startProgram(program, directory));
}

test("every block compiles", () => {
  expect(compilerMessages(directory)).toBe("");
});

describe("blocks print what their comments show", () => {
  test.each(COMPLETE_PAGES.map(({ path }) => path))("%s", async (path) => {
    for (const program of of(path)) {
      await onFreePort(program);
      const expected = linesOf(program.code);
      expect(expected).not.toEqual([]);
      expect(await run(program)).toEqual(expected);
    }
  });
});

test.each(COMPLETE_PAGES.filter(({ path }) => path.startsWith("docs/from/")))(
  "$path shows the same program twice",
  ({ path }) => {
    const [theirs, ours] = of(path);
    expect(linesOf(ours!.code)).toEqual(linesOf(theirs!.code));
  },
);

test("docs/from/grpc-web.md shows the schema of its generated code", () => {
  const schema = readFileSync(new URL("../src/grpc-web/music.proto", import.meta.url), "utf8");
  const page = readFileSync(new URL("../../../docs/from/grpc-web.md", import.meta.url), "utf8");
  expect(page).toContain(schema);
});

test("docs/guide/deploying.md: the server drains when it is told to end", async () => {
  const [program] = of(DEPLOYING.path);
  await onFreePort(program!);
  replaceIn(program!, "5_000", "0"); // the notice, which a test needn't wait for
  appendFileSync(program!.file, `server.on("listening", () => console.log("listening"));\n`);
  const child = startProgram(program!, directory);
  child.stderr.pipe(process.stderr);
  await once(child.stdout, "data");
  child.kill();
  expect(await once(child, "close")).toEqual([0, null]);
});

describe("docs/start.md", () => {
  const block = (number: number) => of(START.path)[number]!;

  test("the server in Node, the client, and the client of batches", async () => {
    const [server, client, batch] = [1, 5, 6].map(block);
    await onFreePort(server!, client!, batch!);
    appendFileSync(server!.file, `server.on("listening", () => console.log("listening"));\n`);
    const child = startProgram(server!, directory);
    child.stderr.pipe(process.stderr);
    await once(child.stdout, "data");
    expect(await run(client!)).toEqual(linesOf(client!.code));
    expect(await run(batch!)).toEqual(linesOf(batch!.code));
    child.kill();
    expect(await once(child, "close")).toEqual([0, null]);
  });
});
