import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { runCommand } from "../src/cli/run-command.ts";
import { loadTranscripts } from "../src/conformance/transcripts.ts";
import { PROTOCOL_VERSIONS } from "../src/index.ts";

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
  [["conformance", "ws://x", "--total", "0"], "--total has to be at least 1."],
  [["conformance", "ws://x", "--only", "VAL-001", "VAL-002"], "an argument too many: VAL-002"],
  [["list", "--for", "nobody"], "--for takes client or server."],
  [["list", "--profile", "0.3"], "--profile takes a version: 0.1, 0.2, 0.4"],
  [["conformance", "ws://x", "--report", "poem=x"], "such as html=report.html, not poem=x."],
  [["conformance", "ws://x", "--report", "html"], "such as html=report.html, not html."],
  [["matrix"], "Name the JSON reports to compare."],
  [["matrix", "/no/such/file"], "Can't read /no/such/file"],
  [["matrix", "--format", "poem", "x"], "There is no format poem."],
  [["conformance", "--nonsense"], "nonsense"],
  [["proxy"], "Say the --target: a URL."],
  [["proxy", "--target", "ws://localhost:1/", "--cut-every", "soon"], "--cut-every takes a time"],
  [["proxy", "--target", "ws://localhost:1/", "--kind", "poem"], "--kind takes close, reset"],
  [["proxy", "--target", "ws://localhost:1/", "--cut-message", "0"], "counted from 1"],
  [["proxy", "--nonsense"], "nonsense"],
])("the command line explains a wrong call: %j", async (args, explanation) => {
  expect(await runCommand(args)).toBe(2);
  expect(output + errors).toContain(explanation);
  // The explanation stays in sight.
  if (args.length > 0) expect((output + errors).split("\n").length).toBeLessThan(5);
});

test("the command line lists scenarios with their sides, media and features", async () => {
  expect(await runCommand(["list", "--features", "map"])).toBe(0);
  const lines = output.trim().split("\n");
  expect(lines.length).toBeGreaterThan(5);
  for (const line of lines) {
    expect(line).toMatch(
      /^MAP-\d{3} +(server|client|server, client) +socket(, batch)? +0\.\d+ +(informational)? +\[map\] +#[a-z-]+ +map: /,
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
  const id = async (slug: string) => (await loadTranscripts()).get(slug)!.id;
  expect(forClient).toContain("VAL-001");
  expect(forClient).not.toContain(await id("malformed-message-null"));
  expect(await idsOf("--for", "server")).toContain(await id("malformed-message-null"));
  expect(await idsOf("--for", "server", "--batch", "--only", "STR-*")).toEqual([""]);
  const some = await idsOf("--only", "VAL-*", "--only", "map: nested", "--exclude", "*array*");
  expect(some).toContain("VAL-001");
  expect(some).toContain(await id("map-nested"));
  expect(some).not.toContain(await id("value-int8array"));
  expect(some).not.toContain(await id("stub-goes-back-twice"));
  expect(await idsOf("--only", "value-text")).toEqual(["VAL-001"]);
  // The reference's own peculiarities demand nothing.
  const peculiar = await id("session-ended-with-calls-under-way");
  expect(await idsOf()).toContain(peculiar);
  expect(await idsOf("--demands")).not.toContain(peculiar);
});

test("a profile has the scenarios of its version of the protocol and of earlier ones", async () => {
  const countOf = async (...args: string[]) => {
    output = "";
    expect(await runCommand(["list", ...args])).toBe(0);
    return output.trim().split("\n").length;
  };
  const counts: number[] = [];
  for (const version of PROTOCOL_VERSIONS) counts.push(await countOf("--profile", version));
  expect(counts).toEqual(counts.toSorted((a, b) => a - b));
  expect(counts[0]).toBeLessThan(counts.at(-1)!);
  expect(counts.at(-1)).toBe(await countOf());
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
    expect(output).toMatch(/^TAP version 14\n1\.\.1\nnot ok 1 - VAL-001 value: text/);
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
  expect(scenarios).toMatchObject([{ id: "VAL-001", batch: true }]);
  const notes = await fetch(`${url}/notes/VAL-001`, { method: "POST", body: "{" });
  expect([notes.status, await notes.text()]).toEqual([400, "notes are a JSON list"]);
  const wrong = '["push",["pipeline",0,["echo"],["something else"]]]\n["pull",1]';
  await fetch(`${url}/run/VAL-001`, { method: "POST", body: wrong });
  await fetch(`${url}/done`, { method: "POST" });
  expect(await code).toBe(1);
  expect(output).toMatch(/^TAP version 14\n1\.\.1\nnot ok 1 - VAL-001 value: text/);
});

test("a run that its time ended is no success, and tells what it had no time for", async () => {
  const server = createServer(() => {});
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/`;
  const args = ["--only", "VAL-00*", "--total", "1", "--timeout", "600000"];
  expect(await runCommand(["conformance", url, ...args])).toBe(1);
  expect(errors).toContain("The run had 1 s, and 9 of 9 scenarios weren't over by then.");
  expect(output).toContain("skip VAL-001, VAL-002, VAL-003, VAL-004, VAL-005 and 4 more");
  expect(output).toContain("the time of the run was over");
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
  expect(output).toMatch(/^TAP version 14\n1\.\.1\nnot ok 1 - VAL-001 value: text/);
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
  expect(output).toContain("not ok 1 - VAL-001 value: text");
  server.close();
});

/** A program that answers every batch with a text, at a port. */
const batchServer = (port: number, answer: string) =>
  `require("http").createServer((_, r) => r.end(${JSON.stringify(answer)})).listen(${port}, "127.0.0.1")`;

/** A command for the shell that runs a program. */
const nodeCommand = (program: string) =>
  `"${process.execPath}" -e "${program.replaceAll(/["\\$`]/g, "\\$&")}"`;

test("the command line starts the server, and ends it with everything that it started", async () => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  const start = `cd . && ${nodeCommand(batchServer(port, '["resolve",1,true]'))}`;
  expect(await runCommand(["conformance", url, "--only", "VAL-007", "--start", start])).toBe(0);
  expect(output).toContain("1 passed");
  await expect(fetch(url)).rejects.toThrow();
});

test("the command line tells why a server that it started isn't there", async () => {
  const url = `http://127.0.0.1:${await freePort()}/`;
  const start = nodeCommand("console.log('no port'); process.exitCode = 3");
  expect(await runCommand(["conformance", url, "--start", start])).toBe(1);
  expect(errors).toContain("ended with exit code 3. The end of its output:\nno port");
  expect(errors).toContain(`Can't connect to ${url}`);
  const running = await answering("");
  expect(await runCommand(["conformance", urlOf(running), "--start", start])).toBe(2);
  expect(errors).toContain(`A server runs at ${urlOf(running)} already`);
  running.close();
});

test("the command line writes reports to files, and compares them", async () => {
  const directory = await mkdtemp(join(tmpdir(), "reports-"));
  const server = await answering('["resolve",1,true]');
  const path = (file: string) => join(directory, "new", file);
  const files = ["html", "json", "junit"].map((each) => `--report=${each}=${path(each)}`);
  const only = ["--only", "VAL-001", "--only", "VAL-007"];
  const args = ["conformance", urlOf(server), ...only, "--name", "my port", ...files];
  expect(await runCommand(args)).toBe(1);
  expect(await readFile(path("html"), "utf8")).toContain("<title>my port: server, HTTP batch<");
  expect(await readFile(path("junit"), "utf8")).toContain('failures="1"');
  output = "";
  expect(await runCommand(["matrix", path("json"), path("json")])).toBe(0);
  expect(output).toContain("| VAL-001 | value: text | my port  |");
  output = "";
  expect(await runCommand(["matrix", "--format", "html", path("json")])).toBe(0);
  expect(output).toContain("<!doctype html>");
  expect(await runCommand([...args.slice(0, 2), "--report", `json=${directory}`, ...only])).toBe(2);
  expect(errors).toContain(`Can't write ${directory}`);
  server.close();
  await rm(directory, { recursive: true });
});

test("an informational scenario can't fail, even in a strict run", async () => {
  const server = await answering("nonsense");
  const args = ["conformance", urlOf(server), "--only", "error-custom", "--strict"];
  expect(await runCommand(args)).toBe(0);
  expect(output).toContain("informational ERR-005: differs from the recording, and may");
  expect(output).toContain("0 passed, 1 informational, 0 failed");
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
  expect(output).toContain("not ok 1 - VAL-001 value: text # TODO known failure");
  expect(output).toContain("ok 2 - VAL-007 value: true");
  expect(await known("value-text\nvalue-true\n")).toBe(1);
  expect(output).toContain("it passes, though it is listed as a known failure");
  expect(await known("# a pattern may fit what passes\nvalue-*\n")).toBe(0);
  expect(await known("value-nonsense\n")).toBe(2);
  expect(errors).toContain("lists scenarios that there aren't: value-nonsense.");
  expect(await known("stub-goes-back-twice # isn't run here")).toBe(1);
  expect(await known("stream-two-at-once # is informational")).toBe(2);
  server.close();
  await rm(directory, { recursive: true });
});

test("a newline at the end of a batch is a habit, which a strict run refuses", async () => {
  const server = await answering('["resolve",1,true]\n');
  const args = ["conformance", urlOf(server), "--only", "value-true"];
  expect(await runCommand(args)).toBe(0);
  expect(output).toContain("non-strict VAL-007: it ends a batch with a newline\n");
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
    await fetch(`${url}/run/VAL-007`, { method: "POST", body });
    await fetch(`${url}/notes/VAL-007`, { method: "POST", body: "[true]" });
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

async function proxied(...args: string[]) {
  const server = createServer((_request, response) => void response.end("hello"));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const target = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const running = runCommand(["proxy", "--target", target, "--for", "2s", ...args]);
  await vi.waitFor(() => expect(output).toContain(" -> "));
  return { running, url: output.split(" ")[0]! };
}

test("the command line runs a proxy, and tells what it carried", async () => {
  const { running, url } = await proxied("--latency", "1ms");
  expect(await (await fetch(url)).text()).toBe("hello");
  expect(await running).toBe(0);
  expect(output).toMatch(/connection 1 closed: client sent \d+ bytes, 0 messages; server sent/);
});

test("the command line runs a proxy that cuts connections, and then refuses them", async () => {
  const { running, url } = await proxied("--cut-every", "100ms", "--refuse-for", "10m");
  await vi.waitFor(() => expect(output).toMatch(/cut \d connections \(close\)/));
  await expect(fetch(url)).rejects.toThrow();
  expect(await running).toBe(0);
});

test("the command line prints the options of the proxy", async () => {
  expect(await runCommand(["proxy", "--help"])).toBe(0);
  expect(output).toContain("--cut-every d");
});
