import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { RpcSession } from "@capnweb/core";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { WebSocket } from "ws";
import { newWebSocketRpcSession, WebSocketPushTransport } from "../src/index.ts";
import { newWebSocketRpcSession as newNodeSession } from "../src/node.ts";
import { type Api, broken, listen, serve } from "./support.ts";

/** A server that accepts connections and never sends anything. */
async function mute() {
  const sockets = new Set<{ destroy(): void }>();
  const server = createServer((socket) => sockets.add(socket)).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}/api?token=secret`;
}

describe("openTimeout", () => {
  test("ends a session whose socket doesn't open", async () => {
    const api = newNodeSession<Api>(await mute(), undefined, { openTimeout: 20 });
    const call = api.add(1, 2).then(undefined, (error: unknown) => error);
    const error = await broken(api);
    expect(error).toMatchObject({ code: "WEBSOCKET_CLOSED" });
    expect(error.message).toMatch(/ws:\/\/127.*\/api didn't open within 20 ms \(openTimeout\)/);
    expect(error.message).not.toMatch(/secret/);
    expect(await call).toBe(error);
  });

  test("leaves a socket alone once it is open", async () => {
    const { open } = await serve();
    const socket = open();
    await once(socket, "open");
    const api = newWebSocketRpcSession<Api>(socket, undefined, { openTimeout: 1 });
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await api.add(1, 2)).toBe(3);
  });
});

describe("idleTimeout", () => {
  test("ends a session without messages, for both sides", async () => {
    const { open, disposed } = await serve();
    const api = newWebSocketRpcSession<Api>(open(), undefined, { idleTimeout: 1_000 });
    expect(await api.add(1, 2)).toBe(3);
    expect((await broken(api)).message).toMatch(/Neither side.*1000 ms \(idleTimeout\)/);
    await vi.waitFor(() => expect(disposed).toEqual(["main"]));
  });

  test("doesn't count pings", async () => {
    const { url, attached } = await listen({
      idleTimeout: 100,
      keepAlive: { interval: 5, timeout: 1_000 },
    });
    const socket = new WebSocket(url("/"));
    await once(socket, "ping");
    await once(socket, "close");
    await vi.waitFor(() => expect(attached.size).toBe(0));
  });
});

describe("keepAlive of a client", () => {
  test("ends the session with a server that is silent", async () => {
    const { open, accepted } = await serve(() => {});
    const socket = open();
    const api = newWebSocketRpcSession<Api>(socket, undefined, {
      keepAlive: { interval: 10, timeout: 30 },
    });
    await once(socket, "open");
    accepted[0]!.pause();
    expect((await broken(api)).message).toMatch(/silent for 40 ms \(keepAlive\)/);
    expect(socket.readyState).toBeGreaterThan(WebSocket.OPEN);
  });

  test("doesn't blame the peer for silence while this side doesn't read", async () => {
    const { open } = await serve();
    const socket = open();
    const transport = new WebSocketPushTransport(socket, {
      keepAlive: { interval: 250, timeout: 250 },
    });
    const api = new RpcSession<Api>(transport).getRemoteMain();
    expect(await api.add(1, 2)).toBe(3);
    transport.pause();
    const sum = api.add(3, 4).then((value) => value);
    let isOver = false;
    api.onRpcBroken(() => {
      isOver = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(isOver).toBe(false);
    transport.resume();
    expect(await sum).toBe(7);
  });
});

describe("a paused session", () => {
  test("doesn't read until it is resumed", async () => {
    const { open } = await serve();
    const transport = new WebSocketPushTransport(open());
    const api = new RpcSession<Api>(transport).getRemoteMain();
    await api.add(1, 2);
    transport.pause();
    let isDone = false;
    const big = api.text(1_000_000).then((text) => {
      isDone = true;
      return text;
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(isDone).toBe(false);
    transport.resume();
    expect(await big).toHaveLength(1_000_000);
  });

  test("finishes the closing handshake if it ends meanwhile", async () => {
    const { open } = await serve();
    const socket = open();
    const transport = new WebSocketPushTransport(socket);
    const api = new RpcSession<Api>(transport).getRemoteMain();
    await api.add(1, 2);
    transport.pause();
    api[Symbol.dispose]();
    const [code] = await once(socket, "close");
    expect(code).toBe(3000);
  });
});
