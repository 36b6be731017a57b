// Checks that the documentation's code compiles, runs, and prints the output that its comments
// show.
import { once } from "node:events";
import { appendFileSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { compilerMessages } from "../src/compile.ts";
import { PAGES } from "../src/pages.ts";
import { type Program, printedBy, writePrograms } from "../src/programs.ts";
import {
  onFreePort,
  printedUntilEnd,
  replaceIn,
  start,
  startProgram as startIn,
} from "../src/run-program.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

let directory: string;
let programs: Program[];

beforeAll(() => {
  ({ directory, programs } = writePrograms(PAGES));
  // In the README, these are two files next to each other.
  replaceIn(find("README.md", 2), "./server.ts", "./README-md-1.ts");
});

/** The trace of docs/interceptors.md. */
const TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

/** Uses the `options` of a block of docs/interceptors.md on both sides of a session. */
const USE_OF_OPTIONS = `
import { RpcSession, RpcTarget } from "@capnweb/core";
import { createMemoryLink } from "@capnweb/testkit";
class Article extends RpcTarget {
  text() { return "a text"; }
}
class Api extends RpcTarget {
  article() { return new Article(); }
  remove() { throw new Error("Not here."); }
}
const link = createMemoryLink();
new RpcSession(link.server, new Api(), options);
const api = new RpcSession<Api>(link.client, undefined, options).getRemoteMain();
console.log(await api.article().text());
try {
  await api.remove();
} catch (error) {
  console.log((error as Error).name + "\\n" + (error as Error).message);
}
`;

const USE_OF_UNKNOWN_NAMES = `
const unknown: any = api;
await unknown.anyMethod().then(undefined, () => {});
await unknown.anyProperty;
`;

function find(page: string, block: number): Program {
  return programs.find((each) => each.page === page && each.block === block)!;
}

test("every block of code in the documentation compiles", () => {
  expect(compilerMessages(directory)).toBe("");
  expect(programs.length).toBeGreaterThanOrEqual(PAGES.length);
});

const startProgram = (program: Program) => startIn(program, directory);

async function run(program: Program): Promise<string[]> {
  return await printedUntilEnd(startProgram(program));
}

test("`npm start` takes each step over every transport, and across outages, and ends", async () => {
  const file = join(ROOT, "examples", "tour", "src", "main.ts");
  const printed = await printedUntilEnd(start("--import", "tsx", file));
  const outages = printed.findIndex((line) => line.startsWith("Through "));
  const lines = printed.slice(0, outages);
  const costs = lines.filter((line) =>
    /^ {4}\d+ messages out, \d+ in, \d+ round trips?$/.test(line),
  );
  const transports = lines.filter((line) => line.startsWith("Over ")).length;
  expect(transports).toBeGreaterThanOrEqual(2);
  expect(costs).toHaveLength(5 * transports);
  const chained = lines.filter((line) => line === `    -> "Diary, page 3, by ada"`);
  expect(chained).toHaveLength(transports);
  expect(printed.slice(outages + 1)).toEqual([
    "  a call, cut within the call",
    `    -> "Diary, page 3, by ada"`,
    "    interrupted, open (resumed)",
    "  a call, cut within its answer",
    `    -> "Diary, page 3, by ada"`,
    "    interrupted, open (resumed)",
    "  a callback, cut within its second call",
    `    -> {"result":"backed up","progress":[25,50,100]}`,
    "    interrupted, open (resumed)",
    "  a stream, cut within its pages",
    `    -> ${JSON.stringify([1, 2, 3, 4].map((page) => `Diary, page ${page}, by ada`))}`,
    "    interrupted, open (resumed)",
    "  a call while the server restarts, on a notebook from before",
    `    -> {"text":"Diary, page 4, by ada","logins":0}`,
    "    interrupted, open (restored)",
  ]);
});

describe("links in documentation", () => {
  const { homepage } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  const linksOf = (text: string) => [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, to]) => to!);

  test.each(readdirSync(join(ROOT, "packages")))(
    "of the README of %s work outside the repository, and lead to something",
    (name) => {
      const links = linksOf(readFileSync(join(ROOT, "packages", name, "README.md"), "utf8"));
      expect(links).not.toEqual([]);
      for (const link of links) {
        expect(link).toMatch(/^(https:|#)/);
        const path = link.split(/^.*\/(?:blob|tree)\/main\//)[1]?.replace(/#.*/, "");
        if (link.startsWith(homepage))
          expect([link, existsSync(join(ROOT, path!))]).toContain(true);
      }
    },
  );
});

describe("a README's blocks print the output that their comments show", () => {
  test.each([
    ["packages/wire/README.md", 2],
    ["packages/core/README.md", 1],
    ["packages/transport-http/README.md", 1],
    ["packages/transport-messageport/README.md", 1],
    ["packages/host/README.md", 3],
    ["packages/durable/README.md", 2],
    ["packages/resume/README.md", 2],
    ["packages/observe/README.md", 1],
  ])("%s", async (page, lines) => {
    const program = find(page, 0);
    await onFreePort(program);
    const expected = printedBy(program.code);
    expect(expected).toHaveLength(lines);
    expect(await run(program)).toEqual(expected);
  });

  test("packages/wire/README.md, of sessions read and written", async () => {
    const [reading, writing] = [1, 2].map((block) => find("packages/wire/README.md", block));
    expect(await run(reading!)).toEqual(["push 1", "pull 0"]);
    expect(await run(writing!)).toEqual(printedBy(writing!.code));
  });

  test("packages/reconnect/README.md", async () => {
    expect(await run(find("packages/reconnect/README.md", 0))).toEqual([
      "open",
      "said: hello",
      "interrupted",
      "open",
      "said: still here",
      "closed",
    ]);
  });

  test("docs/calls.md", async () => {
    const program = find("docs/calls.md", 0);
    // The two sides print independently, so the order of the lines varies.
    expect((await run(program)).sort()).toEqual(["a summary for acme", "stopped", "true"]);
  });

  test("docs/interceptors.md: logging, a guard, metrics, timing and traces", async () => {
    const [logging, guard, metrics, timing, tracing] = [0, 1, 3, 4, 5].map((block) =>
      find("docs/interceptors.md", block),
    );
    expect(await run(logging!)).toEqual(["calls greet", "serves Greeter.greet", "Hello, Ada!"]);
    // The page has no room for a server.
    for (const { file } of [guard!, metrics!, timing!, tracing!])
      appendFileSync(file, USE_OF_OPTIONS);
    appendFileSync(metrics!.file, USE_OF_UNKNOWN_NAMES);
    const uses = ["a text", "Error"];
    expect(await run(guard!)).toEqual([...uses, "You may not use Api.remove."]);
    const counted = ["Api/article ok", "Article/text ok", uses[0], "Api/remove ERROR", "Error"];
    const unknown = ["_OTHER PATH", "get ok"];
    expect(await run(metrics!)).toEqual([...counted, "Not here.", ...unknown]);
    expect(await run(timing!)).toEqual([...uses, "Not here."]);
    // The first turn is over before the announcements have arrived.
    const traces = (await run(tracing!)).filter((line) => line.startsWith("trace "));
    expect(new Set(traces)).toContain(`trace ${TRACEPARENT}`);
  });

  test("docs/observe.md: metrics, channels, traces, logs and lost errors", async () => {
    const blocks = [0, 1, 2, 3, 4].map((block) => find("docs/observe.md", block));
    await onFreePort(blocks[0]!);
    for (const program of blocks) {
      expect(await run(program)).toEqual(printedBy(program.code));
    }
  });

  test("docs/observe.md: debug mode, whose lines the page shows", async () => {
    const page = readFileSync(join(ROOT, "docs", "observe.md"), "utf8");
    const [, shown] = page.match(/^```\n(s1 .*?)\n```$/ms)!;
    const untimed = (lines: string) => lines.replace(/after [\d.]+ ms/, "after T");
    const printed = await run(find("docs/observe.md", 6));
    expect(untimed(printed.join("\n"))).toBe(untimed(shown!));
  });

  test("docs/resume.md: a server, which prints nothing", async () => {
    expect(await run(find("docs/resume.md", 0))).toEqual([""]);
  });

  test("docs/host.md: a server that is ready, and ends when it is told to", async () => {
    const program = find("docs/host.md", 0);
    await onFreePort(program);
    appendFileSync(program.file, `server.on("listening", () => console.log("listening"));\n`);
    const child = startProgram(program);
    child.stderr.pipe(process.stderr);
    await once(child.stdout, "data");
    const [, port] = readFileSync(program.file, "utf8").match(/listen\((\d+)/)!;
    expect((await fetch(`http://127.0.0.1:${port}/ready`)).status).toBe(200);
    child.kill();
    expect(await once(child, "close")).toEqual([0, null]);
  });

  test("packages/transport-ws/README.md", async () => {
    const program = find("packages/transport-ws/README.md", 0);
    await onFreePort(program);
    expect(await run(program)).toEqual(["Hello, world!"]);
  });

  test("packages/transport-webtransport/README.md", async () => {
    const program = find("packages/transport-webtransport/README.md", 0);
    await onFreePort(program);
    expect(await run(program)).toEqual(["Hello, world!"]);
  });

  test("packages/compat/README.md, which prints nothing", async () => {
    expect(await run(find("packages/compat/README.md", 0))).toEqual([""]);
  });

  test("packages/compat/README.md, with sockets of ws", async () => {
    const program = find("packages/compat/README.md", 1);
    await onFreePort(program);
    expect(await run(program)).toEqual(["Hello, world!"]);
  });

  test("packages/testkit/README.md", async () => {
    const [greeting] = await run(find("packages/testkit/README.md", 1));
    expect(greeting).toBe("Hello, world!");
  });

  test.each(["packages/testkit/README.md", "docs/conformance.md"])(
    "%s: each scenario is a test of node:test",
    async (page) => {
      const program = find(page, 0);
      const report = program.file.replace(".ts", ".html");
      // All scenarios would take longer.
      replaceIn(program, "parallel: 4", `parallel: 4, only: ["VAL-00*"]`);
      replaceIn(program, '"conformance.html"', JSON.stringify(report));
      const printed = await run(program);
      // The default reporter of Node is TAP, or a newer one.
      const passed = printed.filter((line) => /^(ok \d+ -|\u2714) VAL-00\d value: /.test(line));
      expect(passed.length).toBe(9);
      expect(existsSync(report)).toBe(page === "docs/conformance.md");
    },
  );

  test("docs/conformance.md: a client, and its report", async () => {
    const program = find("docs/conformance.md", 1);
    replaceIn(program, "await loadScenarios()", `await loadScenarios(), { only: ["VAL-00*"] }`);
    expect((await run(program)).at(-1)).toBe("9 passed, 0 failed");
  });

  test("README.md: the first sight, the server and the client", async () => {
    const [sight, server, client] = [0, 1, 2].map((block) => find("README.md", block));
    // The README has no room for this line.
    appendFileSync(sight!.file, "console.log(titles.join());\n");
    expect(await run(sight!)).toEqual(["Blue,Jolene"]);
    await onFreePort(server!, client!);
    appendFileSync(server!.file, `server.on("listening", () => console.log("listening"));\n`);
    const child = startProgram(server!);
    child.stderr.pipe(process.stderr);
    await once(child.stdout, "data");
    expect(await run(client!)).toEqual(["Hello, world!"]);
  });
});
