import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { newWebSocketRpcSession } from "@capnweb/transport-ws/node";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { WebSocketServer } from "ws";
import { runCommand } from "../src/cli/run-command.ts";
import { parseRecording } from "../src/model/index.ts";

const PROGRAM = fileURLToPath(new URL("../src/cli.ts", import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "capnweb-inspector-"));
});
afterAll(() => rm(folder, { recursive: true }));

function run(...args: readonly string[]): ChildProcess & { readonly printed: () => string } {
  const child = spawn(process.execPath, ["--import", "tsx", PROGRAM, ...args]);
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (data) => {
      text += data;
      child.emit("printed");
    });
  }
  return Object.assign(child, { printed: () => text });
}

async function end(child: ReturnType<typeof run>): Promise<[number, string]> {
  const [code] = (await once(child, "close")) as [number];
  return [code, child.printed()];
}

async function printed(child: ReturnType<typeof run>, pattern: RegExp): Promise<string> {
  for (;;) {
    const found = pattern.exec(child.printed())?.[1];
    if (found) return found;
    await once(child, "printed");
  }
}

test("the proxy relays, records, and ends when it is interrupted", async () => {
  const sockets = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  sockets.on("connection", (socket) => {
    socket.on("message", (data) => {
      if (String(data).startsWith('["push"')) socket.send('["resolve",1,"pong"]');
    });
  });
  await once(sockets, "listening");
  const { port } = sockets.address() as { port: number };
  const file = join(folder, "recording.jsonl");
  const child = run(`ws://127.0.0.1:${port}/api`, "--record", file);
  const ended = end(child);
  const url = await printed(child, /Connect clients to (\S+)/);
  const page = await printed(child, /Page: (\S+)/);
  expect((await fetch(page)).status).toBe(200);
  const api = newWebSocketRpcSession<any>(url, undefined, { announce: false });
  expect(await api.ping()).toBe("pong");
  api[Symbol.dispose]();
  child.kill("SIGINT");
  expect((await ended)[0]).toBe(0);
  sockets.close();
  const { entries } = parseRecording(await readFile(file, "utf8"));
  const texts = entries.flatMap((entry) => (entry.kind === "frame" ? [entry.frame] : []));
  expect(texts).toContain('["resolve",1,"pong"]');
});

/** The exit code and the output of the command, in this process. */
async function outcomeOf(args: readonly string[]): Promise<[number, string]> {
  let text = "";
  const writing = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, "write").mockImplementation((data) => {
      text += data;
      return true;
    }),
  );
  const code = await runCommand(args);
  for (const each of writing) each.mockRestore();
  return [code, text];
}

test("mistakes are explained", async () => {
  const text = join(folder, "text.jsonl");
  await writeFile(text, "hello");
  const outcomes = [];
  for (const args of [
    [],
    ["--help"],
    [join(folder, "missing.jsonl")],
    ["https://example.com/api"],
    [text],
    ["ws://localhost:1/", "--port", "x"],
    ["ws://localhost:1/", "--colour"],
  ]) {
    outcomes.push(await outcomeOf(args));
  }
  expect(outcomes).toEqual([
    [2, expect.stringContaining("a proxy in front of a server")],
    [0, expect.stringContaining("--record")],
    [1, expect.stringContaining("no such file")],
    [1, expect.stringContaining("wss://example.com/api")],
    [1, expect.stringContaining("no recording")],
    [1, expect.stringContaining("--port")],
    [1, expect.stringContaining("--colour")],
  ]);
});
