import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { WebSocket } from "ws";
import { freePort } from "../../../scripts/free-port.mjs";
import { newWebSocketRpcSession } from "../src/index.ts";
import { loadWs } from "../src/node/ws.ts";
import { newWebSocketRpcSession as newNodeSession } from "../src/node.ts";
import { Api, broken, listen, rawUpgrade } from "./support.ts";

/** A server's listeners, and the limits that they received. */
function listeners() {
  const limits: unknown[] = [];
  const errors: unknown[] = [];
  return {
    limits,
    errors,
    options: {
      onLimit: (error: { limit: unknown }) => void limits.push(error.limit),
      onError: (error: unknown) => void errors.push((error as Error).message),
    } as const,
  };
}

describe("a session that ends by a server's option", () => {
  test("names idleTimeout at the client, and to onLimit", async () => {
    const { limits, errors, options } = listeners();
    const { url } = await listen({ idleTimeout: 1_000, ...options });
    const api = newNodeSession<Api>(url("/"));
    await api.add(1, 2);
    const error = await broken(api);
    expect(error).toMatchObject({ closeCode: 3000, limit: undefined });
    expect(error.message).toMatch(/Neither side sent a message for 1000 ms \(idleTimeout\)/);
    expect(limits).toEqual(["idleTimeout"]);
    expect(errors).toEqual([]);
  });

  test("names keepAlive to a client that answers no pings but still reads", async () => {
    const { limits, options } = listeners();
    const { port } = await listen({ keepAlive: { interval: 10, timeout: 20 }, ...options });
    const socket = rawUpgrade(port);
    let said = "";
    socket.on("data", (data: Buffer) => {
      said += data.toString("latin1");
    });
    await vi.waitFor(() => expect(said).toMatch(/silent for 30 ms \(keepAlive\)/));
    expect(limits).toEqual(["keepAlive"]);
  });

  test("names openTimeout if createMain takes too long", async () => {
    const { limits, errors, options } = listeners();
    const { url } = await listen({ openTimeout: 20, ...options }, () => new Promise(() => {}));
    const error = await broken(newNodeSession<Api>(url("/")));
    expect(error).toMatchObject({ closeCode: 1011 });
    expect(error.message).toMatch(/openTimeout/);
    expect(limits).toEqual(["openTimeout"]);
    expect(errors).toEqual([expect.stringMatching(/createMain.*\(openTimeout\)/)]);
  });

  test.each([
    ["maxMessageRate", { maxMessageRate: 1 }],
    ["maxByteRate", { maxByteRate: 50 }],
  ])("names the rate that its client exceeded: %s", async (limit, limits) => {
    const told = listeners();
    const { url } = await listen({ limits, ...told.options });
    const api = newNodeSession<Api>(url("/"));
    const calls = Array.from({ length: 20 }, (_, i) => api.add(i, i));
    const error = await broken(api);
    await Promise.allSettled(calls);
    expect(error).toMatchObject({ code: "LIMIT", limit });
    expect(error.message).toContain(`limits.${limit}`);
    expect(told.limits).toEqual([limit]);
  });

  test("names maxPayload, the limit behind it, and the remedy, at both ends", async () => {
    const { limits, options } = listeners();
    const { url, attached } = await listen({ maxPayload: 1_000, ...options });
    const api = newNodeSession<Api>(url("/"), undefined, { announce: false });
    const call = api.add("x".repeat(1_000) as never, 1).then(undefined, (error) => error);
    expect(await call).toMatchObject({
      closeCode: 1009,
      message: expect.stringMatching(/limits\.maxMessageSize.*maxPayload/),
    });
    await vi.waitFor(() => expect(attached.size).toBe(0));
    expect(limits).toEqual(["maxPayload"]);
  });

  test("names maxPayload at a client that receives too much", async () => {
    const { limits, options } = listeners();
    const { url } = await listen({});
    const api = newNodeSession<Api>(url("/"), undefined, {
      maxPayload: 1_000,
      announce: false,
      ...options,
    });
    const error = await api.text(2_000).then(undefined, (failure: unknown) => failure);
    expect(error).toMatchObject({ closeCode: 1009, limit: "maxPayload" });
    expect(limits).toEqual(["maxPayload"]);
  });

  test("names maxBufferedAmount to onLimit if the client doesn't read", async () => {
    const { limits, options } = listeners();
    const { url, attached } = await listen({ maxBufferedAmount: 1_000, ...options });
    const socket = new WebSocket(url("/"));
    await once(socket, "open");
    socket.pause();
    for (let i = 1; i <= 12; i++) {
      socket.send(JSON.stringify(["stream", ["pipeline", 0, ["text"], [1_000_000]]]));
    }
    await vi.waitFor(() => expect(attached.size).toBe(0));
    expect(limits).toEqual(["maxBufferedAmount"]);
    socket.terminate();
  });

  test("doesn't wait for ever for a client to answer the close", async () => {
    const { url, attached } = await listen({ idleTimeout: 20 });
    const socket = new WebSocket(url("/"));
    await once(socket, "open");
    socket.pause();
    await vi.waitFor(() => expect(attached.size).toBe(0), { timeout: 10_000 });
    socket.terminate();
  });
});

describe("a client that can't connect", () => {
  test.each([
    ["of ws", newNodeSession],
    ["of the runtime", newWebSocketRpcSession],
  ])("says that no server listens, if it can tell: a socket %s", async (kind, newSession) => {
    const port = await freePort();
    const url = `ws://127.0.0.1:${port}/api?token=secret`;
    if (kind === "of the runtime" && typeof globalThis.WebSocket !== "function") {
      expect(() => newSession<Api>(url)).toThrow(/no WebSocket.*transport-ws\/node/);
      return;
    }
    const error = await broken(newSession<Api>(url));
    expect(error.code).toBe("WEBSOCKET_CLOSED");
    expect(error.message).toContain(`127.0.0.1:${port}/api`);
    expect(error.message).not.toContain("secret");
    expect(error.message).toMatch(
      kind === "of ws"
        ? /^Nothing listens at .*Is the server running.*ECONNREFUSED/
        : /(answers|listens) at .*is the server running/i,
    );
  });

  test("says that the connection was cut, and that the server speaks no TLS", async () => {
    const cutting = createServer((socket) => socket.once("data", () => socket.destroy()));
    cutting.listen(0, "127.0.0.1");
    onTestFinished(() => void cutting.close());
    await once(cutting, "listening");
    const { port } = cutting.address() as AddressInfo;
    const cut = await broken(newNodeSession<Api>(`ws://127.0.0.1:${port}/api`));
    expect(cut.message).toMatch(/\/api was cut before the server answered.*\(ECONNRESET\)/);
    const plain = await listen({});
    const error = await broken(newNodeSession<Api>(`wss://127.0.0.1:${plain.port}/api`));
    expect(error.message).toMatch(/doesn't speak TLS at wss:.*\(EPROTO\)/);
  });

  test.each([undefined, {}, 8080])("says which URLs it takes, for %j", (given) => {
    expect(() => newWebSocketRpcSession(given as never)).toThrow(/takes a URL .*or a WebSocket/);
  });

  test("says that the connection broke, if no reason came", async () => {
    const { url, attached } = await listen({});
    const api = newNodeSession<Api>(url("/"));
    await api.add(1, 2);
    const ended = broken(api);
    attached.close();
    expect((await ended).message).toBe("Peer closed WebSocket: 1001 The server is shutting down.");
    const cut = await listen({}, (request) => {
      setImmediate(() => request.socket.destroy());
      return new Api();
    });
    const error = await broken(newNodeSession<Api>(cut.url("/")));
    expect(error.message).toMatch(/^Peer closed WebSocket: 1006 \(The connection broke\..*onLimit/);
  });
});

describe("the package ws", () => {
  test("is named with the command that installs it, if it isn't installed", () => {
    const missing = () => {
      throw Object.assign(new Error("Cannot find module 'ws'"), { code: "MODULE_NOT_FOUND" });
    };
    expect(() => loadWs(missing)).toThrow(/npm install ws$/);
    expect(() => loadWs(missing)).toThrow(expect.objectContaining({ code: "NO_WEBSOCKET" }));
  });

  test("fails with its own error, if it fails to load", () => {
    const broken = () => {
      throw new SyntaxError("broken");
    };
    expect(() => loadWs(broken)).toThrow(SyntaxError);
  });
});
