import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
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
  [["conformance", "ws://x", "--known", "/no/such/file"], "Can't read /no/such/file"],
  [["conformance", "ws://x", "--parallel", "0"], "--parallel has to be at least 1."],
  [["list", "--for", "nobody"], "--for takes client or server."],
  [["conformance", "--nonsense"], "nonsense"],
])("the command line explains a wrong call: %j", async (args, explanation) => {
  expect(await runCommand(args)).toBe(2);
  expect(output + errors).toContain(explanation);
});

test("the command line lists scenarios with their sides, media and features", async () => {
  expect(await runCommand(["list", "--features", "map"])).toBe(0);
  const lines = output.trim().split("\n");
  expect(lines.length).toBeGreaterThan(5);
  for (const line of lines) {
    expect(line).toMatch(
      /^map-\S+ +(server|client|server, client) +socket(, batch)? +\[map\] +map: /,
    );
  }
  output = "";
  expect(await runCommand(["list", "--skip", "errors", "--only", "stub:"])).toBe(0);
  expect(output).toContain("stub: goes back twice");
  expect(output).not.toContain("stub: used after it was disposed of");
});

test("the command line lists the scenarios of a side, medium or pattern", async () => {
  const idsOf = async (...args: string[]) => {
    output = "";
    expect(await runCommand(["list", ...args])).toBe(0);
    return output
      .trim()
      .split("\n")
      .map((line) => line.split(" ")[0]!);
  };
  const forClient = await idsOf("--for", "client");
  expect(forClient).toContain("value-text");
  expect(forClient).not.toContain("malformed-message-null");
  expect(await idsOf("--for", "server")).toContain("malformed-message-null");
  expect(await idsOf("--for", "server", "--batch", "--only", "stream-*")).toEqual([""]);
  const some = await idsOf("--only", "value-*", "--only", "map: nested", "--exclude", "*array*");
  expect(some).toContain("value-text");
  expect(some).toContain("map-nested");
  expect(some).not.toContain("value-int8array");
  expect(some).not.toContain("stub-goes-back-twice");
  // The reference's own peculiarities test nothing.
  expect(await idsOf()).not.toContain("session-ended-with-calls-under-way");
});

test("the command line prints its version, and the document of the contract", async () => {
  expect(await runCommand(["--version"])).toBe(0);
  expect(output).toMatch(/^\d+\.\d+\.\d+\S*\n$/);
  expect(await runCommand(["document"])).toBe(0);
  expect(output).toContain("# Conformance");
});

test("the command line exits with 1 if a server doesn't conform, and reports it in the chosen format", async () => {
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

test("the serve command plays the server until the client is done, and reports its results", async () => {
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

test("a client that runs no scenario hasn't passed", async () => {
  const code = runCommand(["serve"]);
  const url = await vi.waitUntil(() => /Serving at (\S+)/.exec(errors)?.[1]);
  await fetch(`${url}/done`, { method: "POST" });
  expect(await code).toBe(1);
  expect(errors).toContain("No scenario was run.");
});

test("a client that leaves early has failed the scenarios that it hasn't run", async () => {
  const code = runCommand(["serve", "--only", "value: text", "--idle", "1", "--format", "tap"]);
  const url = await vi.waitUntil(() => /Serving at (\S+)/.exec(errors)?.[1]);
  await fetch(`${url}/scenarios`);
  expect(await code).toBe(1);
  expect(output).toMatch(/^TAP version 14\n1\.\.1\nnot ok 1 - value: text/);
  expect(output).toContain("silent for 1 ms");
});

test("the serve command says why it can't serve", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const { port } = taken.address() as AddressInfo;
  expect(await runCommand(["serve", "--port", String(port)])).toBe(2);
  expect(errors).toContain(`Can't serve at 127.0.0.1:${port}`);
  taken.close();
});

test("a server that isn't there is a single error, over every medium", async () => {
  for (const scheme of ["ws", "http"]) {
    errors = "";
    expect(await runCommand(["conformance", `${scheme}://127.0.0.1:1/`])).toBe(1);
    expect(errors).toContain(
      `Can't connect to ${scheme}://127.0.0.1:1/: the connection was refused (ECONNREFUSED).`,
    );
    expect(errors.trim().split("\n")).toHaveLength(1);
  }
  expect(output).toBe("");
});

test("the command line waits for a server that is starting", async () => {
  const port = await freePort();
  const args = ["--only", "value-text", "--wait", "60", "--format", "tap"];
  const code = runCommand(["conformance", `http://127.0.0.1:${port}/`, ...args]);
  const server = await answering('["resolve",1,"hello"]', port);
  expect(await code).toBe(1);
  expect(output).toContain("not ok 1 - value: text");
  server.close();
});

test("a known failure may fail, but not pass", async () => {
  const directory = await mkdtemp(join(tmpdir(), "known-"));
  const known = async (list: string) => {
    output = "";
    errors = "";
    await writeFile(join(directory, "known.txt"), list);
    const only = ["--only", "value-text", "--only", "value-true", "--format", "tap"];
    const path = ["--known", join(directory, "known.txt")];
    return await runCommand(["conformance", url, ...only, ...path]);
  };
  const server = await answering('["resolve",1,true]');
  const url = urlOf(server);
  expect(await known("value-text # it says true to everything")).toBe(0);
  expect(output).toContain("not ok 1 - value: text # TODO known failure");
  expect(output).toContain("ok 2 - value: true");
  expect(await known("value-text\nvalue-true\n")).toBe(1);
  expect(output).toContain("it passes, though it is listed as a known failure");
  expect(await known("# a pattern may fit what passes\nvalue-*\n")).toBe(0);
  expect(await known("value-nonsense\n")).toBe(2);
  expect(errors).toContain("lists scenarios that there aren't: value-nonsense.");
  expect(await known("stub-goes-back-twice # isn't run here")).toBe(1);
  expect(await known("stream-two-at-once # is never run")).toBe(2);
  server.close();
  await rm(directory, { recursive: true });
});

test("a newline at the end of a batch is a habit, which a strict run refuses", async () => {
  const server = await answering('["resolve",1,true]\n');
  const args = ["conformance", urlOf(server), "--only", "value-true"];
  expect(await runCommand(args)).toBe(0);
  expect(output).toContain("non-strict value-true: it ends a batch with a newline\n");
  expect(await runCommand([...args, "--strict"])).toBe(1);
  server.close();
});

test("a failure over HTTP states its cause", async () => {
  const server = createServer((request) => request.socket.destroy());
  const args = ["conformance", await listening(server), "--only", "value-true"];
  expect(await runCommand(args)).toBe(1);
  expect(output).toMatch(
    /no answer from \S+: the (other side closed the connection|connection was reset)/,
  );
  server.close();
});

test("a client may leave out scenarios only if the command line allows it", async () => {
  const serve = async (...args: string[]) => {
    errors = "";
    const only = ["--only", "value-text", "--only", "value-true"];
    const code = runCommand(["serve", ...only, ...args]);
    const url = await vi.waitUntil(() => /Serving at (\S+)/.exec(errors)?.[1]);
    const body = '["push",["pipeline",0,["echo"],[true]]]\n["pull",1]';
    await fetch(`${url}/run/value-true`, { method: "POST", body });
    await fetch(`${url}/notes/value-true`, { method: "POST", body: "[true]" });
    await fetch(`${url}/done`, { method: "POST" });
    return await code;
  };
  expect(await serve()).toBe(1);
  expect(errors).toContain("The client didn't run 1 of 2 scenarios.");
  expect(await serve("--partial")).toBe(0);
});

async function listening(server: Server, port = 0): Promise<string> {
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return urlOf(server);
}

function urlOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** A server of batches that always gives the same answer. */
async function answering(text: string, port = 0): Promise<Server> {
  const server = createServer((_, response) => response.end(text));
  await listening(server, port);
  return server;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await listening(server);
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
