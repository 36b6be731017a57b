import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { type CuttingProxyOptions, cuttingProxy, type ProxyCut } from "../src/proxy/index.ts";

/** A WebSocket server that notes what it receives, and answers each message `n` with `answer n`. */
async function serve(options: Partial<CuttingProxyOptions> = {}) {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await once(server, "listening");
  const received: string[] = [];
  const accepted: WebSocket[] = [];
  server.on("connection", (socket) => {
    accepted.push(socket);
    socket.on("error", () => {});
    socket.on("message", (data) => {
      received.push(String(data));
      socket.send(`answer ${String(data)}`);
    });
  });
  const target = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/api?x=1`;
  const proxy = await cuttingProxy({ target, ...options });
  onTestFinished(async () => {
    for (const socket of server.clients) socket.terminate();
    server.close();
    await proxy.close();
  });
  return { server, target, proxy, received, accepted };
}

/** A client that has sent some messages, or waits for its opening. */
async function open(url: string) {
  const socket = new WebSocket(url);
  const received: string[] = [];
  const closed = new Promise<number>((resolve) => socket.once("close", resolve));
  socket.on("error", () => {});
  socket.on("message", (data) => received.push(String(data)));
  onTestFinished(() => socket.terminate());
  await Promise.race([once(socket, "open"), closed]);
  return { socket, received, closed };
}

/** The TCP socket under a WebSocket, for which `ws` has no public name. */
const rawOf = (socket: WebSocket) => (socket as unknown as { _socket: Socket })._socket;

/** Sends messages, each after the answer to the one before. */
async function converse({ socket }: { socket: WebSocket }, ...messages: string[]) {
  for (const message of messages) {
    socket.send(message);
    await once(socket, "message");
  }
}

const LONG = "x".repeat(300);
const VERY_LONG = "x".repeat(70_000);

describe("the cutting proxy", () => {
  test("carries everything unchanged, and has a URL like the target's", async () => {
    const { proxy, received, target } = await serve();
    expect(new URL(proxy.url).pathname).toBe("/api");
    expect(proxy.url).not.toBe(target);
    const client = await open(proxy.url);
    await converse(client, "1", LONG, VERY_LONG);
    expect(received).toEqual(["1", LONG, VERY_LONG]);
    expect(client.received).toEqual(received.map((text) => `answer ${text}`));
    client.socket.close(3000);
    expect(await client.closed).toBe(3000);
  });

  test("counts connections, bytes and messages, and tells when they are reached", async () => {
    const { proxy } = await serve();
    const next = proxy.nextConnection();
    const client = await open(proxy.url);
    const connection = await next;
    expect([connection.number, proxy.count, proxy.connections]).toEqual([1, 1, [connection]]);
    const reached = connection.reached({ from: "server", messages: 3 });
    // Control frames are no messages.
    client.socket.ping();
    await once(client.socket, "pong");
    await converse(client, "1", LONG, VERY_LONG);
    await reached;
    expect(connection.sentBy("client").messages).toBe(3);
    expect(connection.sentBy("client").bytes).toBeGreaterThan(70_000);
    const more = connection.reached({ from: "client", messages: 4 });
    connection.cut();
    await expect(more).rejects.toThrow("Connection 1 closed before so much was sent.");
    await connection.closed;
    expect([connection.isClosed, proxy.connections]).toEqual([true, []]);
  });

  test("counts a message of several frames once, wherever they are split", async () => {
    const { proxy, received } = await serve({ latency: 1 });
    const next = proxy.nextConnection();
    const client = await open(proxy.url);
    const connection = await next;
    const raw = rawOf(client.socket);
    raw.setNoDelay();
    const answered = once(client.socket, "message");
    // "a", then "b" as the last frame; with masks that change nothing, byte by byte.
    for (const byte of [0x01, 0x81, 0, 0, 0, 0, 0x61, 0x80, 0x81, 0, 0, 0, 0, 0x62]) {
      await new Promise<void>((resolve) => raw.write(Buffer.from([byte]), () => resolve()));
    }
    await answered;
    expect(received).toEqual(["ab"]);
    expect(connection.sentBy("client").messages).toBe(1);
  });
});

describe("a cut at a message", () => {
  const PLACES: [ProxyCut, received: string[], answers: string[]][] = [
    [{ from: "client", message: 2, at: "before" }, ["1"], ["answer 1"]],
    [{ from: "client", message: 2, at: "within" }, ["1"], ["answer 1"]],
    [{ from: "client", message: 2, at: "after" }, ["1", LONG], ["answer 1"]],
    [{ from: "server", message: 2, at: "before" }, ["1", LONG], ["answer 1"]],
    [{ from: "server", message: 2, at: "within" }, ["1", LONG], ["answer 1"]],
    [{ from: "server", message: 2 }, ["1", LONG], ["answer 1", `answer ${LONG}`]],
  ];

  test.each(PLACES)("happens exactly there: %j", async (cut, received, answers) => {
    const all = await serve({ onConnection: (connection) => connection.cutAt(cut) });
    const client = await open(all.proxy.url);
    const serverClosed = once(all.accepted[0]!, "close");
    await converse(client, "1");
    client.socket.send(LONG);
    expect(await client.closed).toBe(1006);
    await serverClosed;
    expect(all.received).toEqual(received);
    expect(client.received).toEqual(answers);
  });

  test("happens within a frame: half of the payload arrives", async () => {
    const received: Buffer[] = [];
    const server = createServer((socket) => {
      socket.on("data", (data: Buffer) => received.push(data));
      socket.on("error", () => {});
      socket.on("end", () => socket.end());
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const proxy = await cuttingProxy({
      target: { port: (server.address() as AddressInfo).port },
      onConnection: (each) => each.cutAt({ from: "client", message: 1, at: "within" }),
    });
    onTestFinished(async () => {
      await proxy.close();
      server.close();
    });
    expect(proxy.url).toMatch(/^tcp:/);
    const client = connect(proxy.port, "127.0.0.1");
    client.resume();
    client.write("GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n");
    client.write(Buffer.from([0x81, 0x84, 0, 0, 0, 0, 1, 2, 3, 4]));
    await once(client, "close");
    const bytes = [...Buffer.concat(received)];
    expect(bytes.slice(bytes.lastIndexOf(10) + 1)).toEqual([0x81, 0x84, 0, 0, 0, 0, 1, 2]);
  });

  test("is refused without a place", async () => {
    const { proxy } = await serve();
    const next = proxy.nextConnection();
    await open(proxy.url);
    const connection = await next;
    expect(() => connection.cutAt({ from: "client" })).toThrow(TypeError);
    expect(() => connection.cutAt({ from: "client", message: 0 })).toThrow(/counted from 1/);
    expect(() => connection.cutAt({ from: "client", message: 1, afterBytes: 1 })).toThrow(/either/);
    expect(() => connection.cutAt({ from: "client", afterBytes: -1 })).toThrow(/not -1/);
  });
});

describe("a connection", () => {
  test("is cut after some bytes", async () => {
    const { proxy, accepted } = await serve({
      onConnection: (connection) => connection.cutAt({ from: "client", afterBytes: 10 }),
    });
    const client = await open(proxy.url);
    expect(await client.closed).toBe(1006);
    expect(accepted).toEqual([]);
    expect(proxy.count).toBe(1);
  });

  test("is reset for both sides", async () => {
    const { proxy, accepted } = await serve();
    const client = await open(proxy.url);
    await converse(client, "1");
    const failures = [client.socket, accepted[0]!].map((socket) => once(rawOf(socket), "error"));
    proxy.cut("reset");
    for (const failure of failures) {
      expect((await failure)[0]).toMatchObject({ code: "ECONNRESET" });
    }
  });

  test("is stalled without an end, and goes on without a loss", async () => {
    const { proxy, received } = await serve({
      onConnection: (each) =>
        each.cutAt({ from: "client", message: 2, kind: "stall", at: "within" }),
    });
    const client = await open(proxy.url);
    await converse(client, "1");
    client.socket.send("2");
    client.socket.send("3");
    const [connection] = proxy.connections;
    // Another connection shows that time has passed.
    const other = await open(proxy.url);
    await converse(other, "other");
    expect(received).toEqual(["1", "other"]);
    expect(client.socket.readyState).toBe(WebSocket.OPEN);
    const answered = connection!.reached({ from: "server", messages: 3 });
    connection!.resume();
    await answered;
    expect(received).toEqual(["1", "other", "2", "3"]);
  });

  test("is half-closed: the other direction goes on", async () => {
    const { proxy, received, accepted } = await serve();
    const client = await open(proxy.url);
    await converse(client, "1");
    // Not closed by `ws` when the client's stream ends.
    rawOf(accepted[0]!).removeAllListeners("end");
    proxy.connections[0]!.halfClose("client");
    client.socket.send("lost");
    accepted[0]!.send("still here");
    await once(client.socket, "message");
    expect(received).toEqual(["1"]);
    expect(client.received).toEqual(["answer 1", "still here"]);
  });

  test("is delayed in both directions", async () => {
    const { proxy } = await serve();
    const client = await open(proxy.url);
    proxy.latency = 30;
    const since = performance.now();
    await converse(client, "1");
    expect(performance.now() - since).toBeGreaterThan(55);
  });

  test("is reset if the target refuses it, or resets its own", async () => {
    const { proxy, server, accepted } = await serve();
    const client = await open(proxy.url);
    rawOf(accepted[0]!).resetAndDestroy();
    expect(await client.closed).toBe(1006);
    server.close();
    expect(await (await open(proxy.url)).closed).toBe(1006);
    expect(proxy.count).toBe(1);
  });

  test("carries more than fits into the buffers", async () => {
    const { proxy, received } = await serve();
    const client = await open(proxy.url);
    const big = "x".repeat(20_000_000);
    await converse(client, big);
    expect(received[0]).toHaveLength(big.length);
    expect(client.received[0]).toHaveLength(big.length + 7);
  });
});

describe("the proxy", () => {
  test("refuses new connections and accepts them again, at the same port", async () => {
    const { proxy } = await serve();
    const { url } = proxy;
    const first = await open(url);
    await proxy.refuse();
    await proxy.refuse();
    const failed = new WebSocket(url);
    expect((await once(failed, "error"))[0]).toMatchObject({ code: "ECONNREFUSED" });
    await converse(first, "still open");
    await proxy.accept();
    expect(proxy.url).toBe(url);
    await converse(await open(url), "again");
  });

  test("forwards new connections to another target", async () => {
    const { proxy, received } = await serve();
    const other = await serve();
    await converse(await open(proxy.url), "1");
    proxy.retarget(other.target);
    await converse(await open(proxy.url), "2");
    expect([received, other.received]).toEqual([["1"], ["2"]]);
  });

  test("closes everything, also connections that are stalled", async () => {
    const { proxy } = await serve();
    const client = await open(proxy.url);
    proxy.stall();
    await proxy.close();
    expect(await client.closed).toBe(1006);
    expect(proxy.connections).toEqual([]);
    await proxy.close();
  });

  test.each(["nonsense", "unix:/tmp/x", "ftp://example.com/"])(
    "refuses the target %s",
    async (target) => {
      await expect(cuttingProxy({ target })).rejects.toThrow(/isn't the address of a server/);
    },
  );
});
