import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RpcStub, RpcTarget } from "@capnweb/core";
import { parseTranscript } from "@capnweb/testkit";
import { testServer } from "@capnweb/testkit/conformance";
import { attachWebSocketRpc, newWebSocketRpcSession } from "@capnweb/transport-ws/node";
import * as reference from "capnweb";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import {
  type InspectorProxy,
  inspectorProxy,
  Recorder,
  recordFile,
  serveRecording,
} from "../src/index.ts";
import {
  InspectorModel,
  parseRecording,
  RecordingError,
  type Side,
  testOf,
} from "../src/model/index.ts";

class Counter extends RpcTarget {
  #count = 0;
  increment(by = 1) {
    this.#count += by;
    return this.#count;
  }
}

class Api extends RpcTarget {
  greet(name: string) {
    return `Hello, ${name}!`;
  }
  counter() {
    return new Counter();
  }
  echo(value: unknown) {
    return value;
  }
  twice(callback: RpcStub<(n: number) => number>) {
    return callback(2);
  }
}

const cleanups: (() => unknown)[] = [];
// The reference looks for it, and Node 20 has none.
vi.stubGlobal("WebSocket", WebSocket);
afterAll(() => {
  vi.unstubAllGlobals();
});

afterEach(async () => {
  for (const each of cleanups.splice(0).reverse()) await each();
});

async function startServer(): Promise<string> {
  const server = createServer();
  const attached = attachWebSocketRpc(server, () => new Api(), { path: "/api" });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  cleanups.push(() => {
    attached.close();
    server.close();
    server.closeAllConnections();
  });
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}/api`;
}

async function startProxy(target: string): Promise<InspectorProxy> {
  const proxy = await inspectorProxy(target);
  cleanups.push(() => proxy.close());
  return proxy;
}

function modelOf(proxy: InspectorProxy): InspectorModel {
  const model = new InspectorModel();
  for (const entry of proxy.recorder.entries) model.add(entry);
  return model;
}

const names = (model: InspectorModel) => [...model.calls].map(({ name }) => name);

test("two sessions of this library talk through it, with all extensions", async () => {
  const proxy = await startProxy(await startServer());
  using api = newWebSocketRpcSession<Api>(proxy.url);
  expect(await api.greet("Ada")).toBe("Hello, Ada!");
  const bytes = new Uint8Array(5_000).fill(7);
  expect([...((await api.echo(bytes)) as Uint8Array)]).toEqual([...bytes]);
  expect(await api.counter().increment(3)).toBe(3);
  const model = modelOf(proxy);
  expect(names(model)).toEqual(["greet", "echo", "counter", "increment"]);
  expect(model.sessions[0]!.features).toMatchObject({ client: expect.arrayContaining(["bytes"]) });
  expect([...model.calls].every(({ state }) => state !== "lost")).toBe(true);
});

test("so do two sessions of capnweb", async () => {
  class Main extends reference.RpcTarget {
    greet(name: string) {
      return `Hello, ${name}!`;
    }
    twice(callback: (n: number) => number) {
      return callback(2);
    }
  }
  const sockets = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await once(sockets, "listening");
  sockets.on("connection", (socket) => {
    reference.newWebSocketRpcSession(socket as never, new Main());
  });
  cleanups.push(() => {
    for (const each of sockets.clients) each.terminate();
    sockets.close();
  });
  const { port } = sockets.address() as AddressInfo;
  const proxy = await startProxy(`ws://127.0.0.1:${port}/`);
  const socket = new WebSocket(proxy.url);
  await once(socket, "open");
  const api: any = reference.newWebSocketRpcSession(socket as never);
  expect(await api.greet("Ada")).toBe("Hello, Ada!");
  expect(await api.twice((n: number) => n * 2)).toBe(4);
  const model = modelOf(proxy);
  expect(names(model)).toEqual(["greet", "twice", "(call)"]);
  expect([...model.calls].map(({ by }) => by)).toEqual(["client", "client", "server"]);
  expect([...model.calls].map(({ state }) => state)).toEqual(Array(3).fill("resolved"));
  api[Symbol.dispose]();
});

test("a client of capnweb reaches a server of this library", async () => {
  const proxy = await startProxy(await startServer());
  const socket = new WebSocket(proxy.url);
  await once(socket, "open");
  const api: any = reference.newWebSocketRpcSession(socket as never);
  expect(await api.counter().increment(5)).toBe(5);
  const [counter, increment] = modelOf(proxy).calls;
  expect(increment!.waitsFor).toEqual([counter]);
  api[Symbol.dispose]();
});

test("closes travel with their code and reason, in both directions", async () => {
  const sockets = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await once(sockets, "listening");
  cleanups.push(() => sockets.close());
  const { port } = sockets.address() as AddressInfo;
  const proxy = await startProxy(`ws://127.0.0.1:${port}/`);
  const closes = new Map<Side, unknown[]>();
  const meet = async (closer: Side) => {
    const accepted = once(sockets, "connection");
    const client = new WebSocket(proxy.url);
    const opened = once(client, "open");
    const [server] = (await accepted) as [WebSocket];
    await opened;
    const [from, to] = closer === "client" ? [client, server] : [server, client];
    const closed = once(to, "close");
    from.close(4321, `by the ${closer}`);
    const [code, reason] = await closed;
    closes.set(closer, [code, String(reason)]);
  };
  await meet("client");
  await meet("server");
  expect([...closes.values()]).toEqual([
    [4321, "by the client"],
    [4321, "by the server"],
  ]);
});

test("a target that isn't there closes the client, and says so", async () => {
  const proxy = await startProxy("ws://127.0.0.1:1/");
  const client = new WebSocket(proxy.url);
  const [code, reason] = await once(client, "close");
  expect([code, String(reason)]).toEqual([1014, expect.stringContaining("ECONNREFUSED")]);
  expect(modelOf(proxy).sessions[0]!.reason).toContain("ECONNREFUSED");
});

test("large messages pass whole, and are recorded in part", async () => {
  const proxy = await startProxy(await startServer());
  using api = newWebSocketRpcSession<Api>(proxy.url);
  const text = "x".repeat(2_000_000);
  expect(await api.echo(text)).toBe(text);
  expect(await api.greet("Ada")).toBe("Hello, Ada!");
  const model = modelOf(proxy);
  expect([...model.calls].map(({ name, state }) => `${name} ${state}`)).toEqual([
    "echo resolved",
    "greet resolved",
  ]);
  expect(Math.max(...[...model.messages].map(({ size }) => size))).toBeGreaterThan(2_000_000);
});

test("only pages of its own origin get the data", async () => {
  const proxy = await startProxy(await startServer());
  const socket = proxy.pageUrl.replace("http", "ws");
  const headers = { Origin: "http://127.0.0.1:9" };
  const page = newWebSocketRpcSession<any>(`${socket}socket`, undefined, { headers });
  await expect(page.describe()).rejects.toMatchObject({ status: 403 });
});

test("the page calls the target in a session of the proxy", async () => {
  const proxy = await startProxy(await startServer());
  const socket = proxy.pageUrl.replace("http", "ws");
  using page = newWebSocketRpcSession<any>(`${socket}socket`);
  expect(await page.call("server", "greet", '["Ada"]')).toMatchObject({ text: '"Hello, Ada!"' });
  expect(modelOf(proxy).sessions.map(({ label }) => label)).toEqual(["inspector"]);
});

test("text that isn't the URL of a WebSocket is refused", async () => {
  await expect(inspectorProxy("http://localhost/")).rejects.toThrow(TypeError);
});

test("a recorded file shows the same calls", async () => {
  const folder = await mkdtemp(join(tmpdir(), "capnweb-inspector-"));
  cleanups.push(() => rm(folder, { recursive: true }));
  const file = join(folder, "recording.jsonl");
  const proxy = await startProxy(await startServer());
  const end = recordFile(proxy.recorder, file, "test");
  using api = newWebSocketRpcSession<Api>(proxy.url);
  await api.greet("Ada");
  await api.echo(new Uint8Array(1_000));
  await end();
  const text = await readFile(file, "utf8");
  const recording = parseRecording(`${text}{"kind":"fra`);
  expect(recording).toMatchObject({ title: "test", unreadable: 1 });
  const recorded = [...proxy.recorder.entries].slice(0, recording.entries.length);
  expect(recording.entries).toEqual(recorded.map((entry) => ({ ...entry })));

  const page = await serveRecording(text, "recording.jsonl");
  cleanups.push(() => page.close());
  using viewer = newWebSocketRpcSession<any>(`${page.pageUrl.replace("http", "ws")}socket`);
  expect(await viewer.describe()).toMatchObject({ way: "file", canCall: false });
  expect(() => parseRecording("{}")).toThrow(RecordingError);
});

test("a session that was saved as a test replays against the server", async () => {
  const url = await startServer();
  const proxy = await startProxy(url);
  const api = newWebSocketRpcSession<Api>(proxy.url);
  await api.greet("Ada");
  await api.counter().increment(2);
  await api.echo({ bytes: new Uint8Array(2_000).fill(1), list: [1, 2] });
  // Both leave as documents.
  await api.echo(Array.from({ length: 20 }, (_, id) => ({ id, at: new Date(id), tags: ["new"] })));
  await api.echo([[1], ["import", 0]]);
  const entries = [...proxy.recorder.entries];
  const frames = entries.map((each) => (each.kind === "frame" ? String(each.frame) : "")).join();
  expect(frames).toContain('["table",');
  expect(frames).toContain('["json",[[1],["import",0]]]');
  await api.twice(((n: number) => n + 1) as never);
  await api.greet("again");
  const { text, gaps } = testOf(proxy.recorder.entries, 1, "a visit");
  api[Symbol.dispose]();
  expect(gaps).toEqual([]);
  const transcript = parseTranscript(text);
  expect(transcript.lines.map(({ text: line }) => line).join()).not.toContain("capnweb");
  expect(await testServer(url, [transcript])).toMatchObject([{ failure: undefined }]);

  const broken = parseTranscript(text.replace("Hello, Ada!", "Good morning, Ada!"));
  const [other] = await testServer(url, [broken]);
  expect(other?.failure).toBeDefined();
});

test("a session whose beginning is gone says that it may not replay", () => {
  const { gaps } = testOf([], 1, "nothing");
  expect(gaps).toHaveLength(2);
});

test.each([
  "/\\\\HOST/path",
  "/\\HOST/path",
  "//HOST/path",
  "ws://HOST/path",
  "http://HOST/path",
  "/path#fragment",
  "http://[",
  "*",
])("a request for %s reaches the target, or nothing", async (asked) => {
  let strangers = 0;
  const stranger = createServer().on("upgrade", (_request, stream) => {
    strangers++;
    stream.destroy();
  });
  stranger.listen(0, "127.0.0.1");
  await once(stranger, "listening");
  cleanups.push(() => stranger.close());
  const { port } = stranger.address() as AddressInfo;
  const proxy = await startProxy(await startServer());
  await askFor(proxy, asked.replace("HOST", `127.0.0.1:${port}`));
  expect(strangers).toBe(0);
  // The proxy lives on.
  using api = newWebSocketRpcSession<Api>(proxy.url);
  expect(await api.greet("Ada")).toBe("Hello, Ada!");
});

/** Asks a proxy for a WebSocket, with any text as the target of the request. */
async function askFor(proxy: InspectorProxy, asked: string): Promise<void> {
  const { hostname, port } = new URL(proxy.url);
  const socket = connect(Number(port), hostname);
  const lines = [
    `GET ${asked} HTTP/1.1`,
    `Host: ${hostname}:${port}`,
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
  ];
  socket.write(`${lines.join("\r\n")}\r\n\r\n`);
  // A frame that closes the WebSocket begins with this byte, which no text contains.
  socket.on("data", (data) => {
    if (data.includes(0x88)) socket.destroy();
  });
  await once(socket, "close");
}

test("a file that can't be opened or written is an error, and sessions go on", async () => {
  const proxy = await startProxy(await startServer());
  const missing = join(tmpdir(), "capnweb-no-such-folder", "recording.jsonl");
  expect(() => recordFile(proxy.recorder, missing, "")).toThrow("ENOENT");
  const reported = vi.spyOn(console, "error").mockImplementation(() => {});
  cleanups.push(() => reported.mockRestore());
  // Each write to it fails as on a full disk.
  const end = recordFile(proxy.recorder, "/dev/full", "");
  using api = newWebSocketRpcSession<Api>(proxy.url);
  expect(await api.greet("Ada")).toBe("Hello, Ada!");
  await expect(end()).rejects.toThrow("ENOSPC");
  expect(await api.greet("Bo")).toBe("Hello, Bo!");
});

test("a disk that is too slow ends the file", async () => {
  const recorder = new Recorder();
  const folder = await mkdtemp(join(tmpdir(), "capnweb-"));
  cleanups.push(() => rm(folder, { recursive: true }));
  const reported = vi.spyOn(console, "error").mockImplementation(() => {});
  cleanups.push(() => reported.mockRestore());
  const end = recordFile(recorder, join(folder, "recording.jsonl"), "");
  const session = recorder.open({ label: "a client" });
  // No write is over before this loop is.
  for (let i = 0; i < 100; i++) session.frame("client", "x".repeat(1024 * 1024));
  await expect(end()).rejects.toThrow("its disk is slower than the sessions");
});
