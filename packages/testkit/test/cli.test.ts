import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { runCommand } from "../src/cli/run-command.ts";

let output = "";
let errors = "";
beforeEach(() => {
  output = "";
  errors = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    output += text;
    return true;
  });
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    errors += text;
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
});

test.each([
  [[], "Usage:"],
  [["nonsense"], "There is no command nonsense."],
  [["conformance"], "Say which server to test"],
  [["conformance", "ftp://example.com"], "Say which server to test"],
  [["conformance", "ws://x", "--features", "magic"], "There is no feature magic."],
  [["conformance", "ws://x", "--format", "poem"], "There is no format poem."],
  [["conformance", "ws://x", "--timeout", "soon"], "--timeout has to be a number."],
  [["conformance", "--nonsense"], "nonsense"],
])("a wrong call is explained: %j", async (args, explanation) => {
  expect(await runCommand(args)).toBe(2);
  expect(output + errors).toContain(explanation);
});

test("lists scenarios, by feature", async () => {
  expect(await runCommand(["list", "--features", "map"])).toBe(0);
  const lines = output.trim().split("\n");
  expect(lines.length).toBeGreaterThan(5);
  for (const line of lines) expect(line).toMatch(/^map-\S+ {2}map: .* {2}\[map\]$/);
  output = "";
  expect(await runCommand(["list", "--skip", "errors", "--only", "stub:"])).toBe(0);
  expect(output).toContain("stub: goes back twice");
  expect(output).not.toContain("stub: used after it was disposed of");
});

test("exits with 1 where a server doesn't conform, and reports it in the format asked for", async () => {
  const server = createServer((_, response) => response.end('["resolve",1,"something else"]'));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  try {
    const url = `http://127.0.0.1:${port}/`;
    expect(await runCommand(["conformance", url, "--only", "value: text", "--format", "tap"])).toBe(
      1,
    );
    expect(output).toMatch(/^TAP version 14\n1\.\.1\nnot ok 1 - value: text/);
    expect(await runCommand(["conformance", url, "--only", "no such name"])).toBe(2);
    expect(errors).toContain("No scenario was selected.");
  } finally {
    server.close();
  }
});

test("plays the server until the client is done, and reports what it did", async () => {
  const code = runCommand(["serve", "--only", "value: text", "--format", "tap"]);
  const url = await vi.waitUntil(() => /Serving at (\S+)/.exec(errors)?.[1]);
  const scenarios = await (await fetch(`${url}/scenarios`)).json();
  expect(scenarios).toMatchObject([{ id: "value-text", batch: true }]);
  const notes = await fetch(`${url}/notes/value-text`, { method: "POST", body: "{" });
  expect([notes.status, await notes.text()]).toEqual([400, "notes are a JSON list"]);
  const wrong = '["push",["pipeline",0,["echo"],["something else"]]]\n["pull",1]';
  await fetch(`${url}/run/value-text`, { method: "POST", body: wrong });
  await fetch(`${url}/done`, { method: "POST" });
  expect(await code).toBe(1);
  expect(output).toMatch(/^TAP version 14\n1\.\.1\nnot ok 1 - value: text/);
});

test("a client that runs nothing hasn't passed", async () => {
  const code = runCommand(["serve"]);
  const url = await vi.waitUntil(() => /Serving at (\S+)/.exec(errors)?.[1]);
  await fetch(`${url}/done`, { method: "POST" });
  expect(await code).toBe(1);
  expect(errors).toContain("No scenario was run.");
});

test("a client that is gone before it is done has failed what it hasn't run", async () => {
  const code = runCommand(["serve", "--only", "value: text", "--idle", "1", "--format", "tap"]);
  const url = await vi.waitUntil(() => /Serving at (\S+)/.exec(errors)?.[1]);
  await fetch(`${url}/scenarios`);
  expect(await code).toBe(1);
  expect(output).toMatch(/^TAP version 14\n1\.\.1\nnot ok 1 - value: text/);
  expect(output).toContain("silent for 1 ms");
});

test("says so where it can't serve", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const { port } = taken.address() as AddressInfo;
  expect(await runCommand(["serve", "--port", String(port)])).toBe(2);
  expect(errors).toContain(`Can't serve at 127.0.0.1:${port}`);
  taken.close();
});

test("says so where there is no server", async () => {
  expect(await runCommand(["conformance", "ws://127.0.0.1:1/", "--only", "value: text"])).toBe(1);
  expect(output).toContain("can't connect to ws://127.0.0.1:1/");
});
