// Runs the tests against the reference, and counts those that pass, for docs/interop.md. Fails if a
// test fails, or if the page is out of date. `--write` writes the page.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { root } from "./packages.mjs";

const PAGE = join(root, "docs", "interop.md");

const tests = runTests();
const page = makePage();
const failed = tests.filter(({ status }) => status === "failed");
for (const { fullName } of failed) console.error(`FAIL ${fullName}`);
if (process.argv.includes("--write")) {
  writeFileSync(PAGE, page);
} else if (readFileSync(PAGE, "utf8") !== page) {
  console.error("docs/interop.md is out of date: run `npm run interop -- --write`.");
  process.exitCode = 1;
}
if (failed.length > 0) process.exitCode = 1;
console.log(`${tests.length - failed.length} of ${tests.length} tests against the reference pass`);

function runTests() {
  const directory = mkdtempSync(join(tmpdir(), "capnweb-interop-"));
  try {
    const file = join(directory, "results.json");
    const args = ["run", "--project", "interop", "/live.test", "/golden.test", "/bytes.test"];
    spawnSync(
      join(root, "node_modules", ".bin", "vitest"),
      [...args, "--reporter=json", `--outputFile=${file}`],
      { cwd: root, stdio: ["ignore", "ignore", "inherit"] },
    );
    const { testResults } = JSON.parse(readFileSync(file, "utf8"));
    return testResults.flatMap(({ name, assertionResults }) =>
      assertionResults.map((result) => ({ ...result, file: name })),
    );
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function makePage() {
  const live = of("live.test.ts");
  const titles = [...new Set(live.map(({ ancestorTitles }) => ancestorTitles[0]))];
  const cells = titles.map((title) => {
    const [, transport, client, server] =
      /^(.*): '?(.+?)'? as the client, '?(.+?)'? as the server$/.exec(title);
    return { transport, pair: `${client} / ${server}`, tests: of("live.test.ts", title) };
  });
  const transports = [...new Set(cells.map(({ transport }) => transport))];
  const pairs = [...new Set(cells.map(({ pair }) => pair))];
  const golden = of("golden.test.ts");
  const same = golden.filter(({ title }) => title.includes("byte for byte"));
  const other = golden.filter(({ title }) => title.includes("differs:"));
  return `# Interoperability

This page shows how far @capnweb agrees with the reference, \`capnweb\` 0.12.0, for users who run
both. \`npm run interop -- --write\` generates it, and fails if a program or recording here doesn't
pass.
[Runtimes](runtimes.md) compares runtimes, and [Differences](differences.md) lists the deliberate
differences.

## Results of programs

Programs of \`interop/src/scenarios\` with the same result, by client / server. Programs for which
the reference is known to behave differently are left out. HTTP batches run the programs that fit
into one batch.

| transport | ${pairs.join(" | ")} |
|---|${pairs.map(() => "---|").join("")}
${transports
  .map((transport) => {
    const row = pairs.map((pair) =>
      passedOf(cells.find((each) => each.transport === transport && each.pair === pair).tests),
    );
    return `| ${transport} | ${row.join(" | ")} |`;
  })
  .join("\n")}

## Byte for byte

- Recordings of the reference with itself that our client or server repeats exactly: ${passedOf(same)}.
- Recordings that it repeats except for a difference that the scene justifies: ${passedOf(other)}.
- Programs in memory for which both sides send the messages of the reference, in every pairing: ${passedOf(of("bytes.test.ts"))}.

## Reasons for differences

${[...new Set(other.map(({ title }) => title.replace(/^our (\w+) differs: /, "$1: ")))]
  .sort()
  .map((why) => `- ${why}`)
  .join("\n")}
`;
}

function of(file, ancestor) {
  return tests.filter(
    (each) =>
      basename(each.file) === file &&
      (ancestor === undefined || each.ancestorTitles[0] === ancestor),
  );
}

function passedOf(list) {
  return `${list.filter(({ status }) => status === "passed").length} of ${list.length}`;
}
