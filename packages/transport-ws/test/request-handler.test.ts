import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { Reception } from "@capnweb/core/server";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import {
  newBunWebSocketRpcHandler,
  newWebSocketRpcHandler,
  type WebSocketHandlerOptions,
} from "../src/index.ts";
import { newWebSocketRpcSession } from "../src/node.ts";
import { Api, broken } from "./support.ts";

/**
 * A runtime with `Deno.upgradeWebSocket`, made of `ws`: handlers get standard requests of real
 * clients.
 */
async function serve(options: WebSocketHandlerOptions = {}, createMain: any = () => new Api()) {
  const accepts = new WeakMap<Request, () => WebSocket>();
  vi.stubGlobal("Deno", {
    upgradeWebSocket: (request: Request) => ({
      socket: accepts.get(request)!(),
      response: { status: 101 },
    }),
  });
  onTestFinished(() => void vi.unstubAllGlobals());
  const handler = newWebSocketRpcHandler(createMain, options);
  const server = new WebSocketServer({ noServer: true });
  const { createServer } = await import("node:http");
  const http = createServer().listen(0, "127.0.0.1");
  await once(http, "listening");
  onTestFinished(() => {
    http.closeAllConnections();
    http.close();
  });
  http.on("upgrade", async (incoming: IncomingMessage, stream, head) => {
    const request = new Request(`http://${incoming.headers.host}${incoming.url}`, {
      headers: incoming.headers as Record<string, string>,
    });
    accepts.set(request, () => {
      let socket!: WebSocket;
      server.handleUpgrade(incoming, stream, head, (opened) => {
        socket = opened;
      });
      return socket;
    });
    const { status, headers, body } = await handler(request);
    if (status === 101) return;
    const text = body ? await new Response(body).text() : "";
    const retry = headers.get("Retry-After");
    stream.end(
      `HTTP/1.1 ${status} Refused\r\nContent-Type: ${headers.get("Content-Type")}\r\n` +
        `Content-Length: ${text.length}\r\n` +
        `${retry ? `Retry-After: ${retry}\r\n` : ""}Connection: close\r\n\r\n${text}`,
    );
  });
  const { port } = http.address() as { port: number };
  return (headers: Record<string, string> = {}) =>
    newWebSocketRpcSession<any>(`ws://127.0.0.1:${port}/api?x=1`, undefined, { headers }) as any;
}

describe("a handler of requests for WebSockets", () => {
  test("starts a session whose main object has the request and the context", async () => {
    const createMain = vi.fn((_request: Request, _served: { context: unknown }) => new Api());
    const open = await serve({ authorize: async () => ({ context: "ada" }) }, createMain);
    expect(await open().add(1, 2)).toBe(3);
    const [request, { context }] = createMain.mock.calls[0]!;
    expect([new URL(request.url).search, context]).toEqual(["?x=1", "ada"]);
  });

  test.each([
    ["authorize", { authorize: () => ({ status: 401, reason: "Log in." }) }, {}, 401, /Log in/],
    ["its origin", {}, { origin: "https://evil.example" }, 403, /"origins" option/],
    ["maxSessions", { maxSessions: 0, onError() {} }, {}, 503, /maxSessions/],
  ] as const)(
    "tells a client the status and reason: %s",
    async (_name, options, headers, status, text) => {
      const open = await serve(options as WebSocketHandlerOptions);
      expect(await broken(open(headers))).toMatchObject({
        status,
        body: expect.stringMatching(text),
      });
    },
  );

  test("tells a page the refusal of authorize over its WebSocket", async () => {
    const open = await serve({
      authorize: () => ({ status: 401, reason: "Log in." }),
      origins: "*",
    });
    const reason = await broken(open({ origin: "https://app.example" }));
    expect(reason).toMatchObject({ code: "REFUSED", status: 401, message: "Log in." });
  });

  test("gives the place back when the connection is over", async () => {
    const onError = vi.fn();
    const open = await serve({ maxSessions: 1, onError });
    const first = open();
    await first.add(1, 2);
    expect(await broken(open())).toMatchObject({ status: 503 });
    first[Symbol.dispose]();
    await vi.waitFor(async () => expect(await open().add(1, 2)).toBe(3));
  });

  test("answers 426 to other requests, and 500 if it fails", async () => {
    const onError = vi.fn();
    vi.stubGlobal("Deno", {
      upgradeWebSocket() {
        throw new TypeError("malformed");
      },
    });
    const handler = newWebSocketRpcHandler(() => new Api(), { maxSessions: 1, onError });
    expect((await handler(new Request("http://x/"))).status).toBe(426);
    const upgrade = new Request("http://x/", { headers: { upgrade: "websocket" } });
    // Twice, because the first has given its place back.
    for (let i = 0; i < 2; i++) expect((await handler(upgrade)).status).toBe(500);
    expect(onError.mock.calls.map(([{ message }]) => message)).toEqual(["malformed", "malformed"]);
    vi.unstubAllGlobals();
  });

  test("isn't made in a runtime that can't accept WebSockets so", () => {
    expect(() => newWebSocketRpcHandler(() => new Api())).toThrow(/attachWebSocketRpc in Node/);
  });
});

describe("Bun's handler with a host", () => {
  const upgradeRequest = (headers: Record<string, string> = {}) =>
    new Request("http://x/api?name=ada", { headers: { upgrade: "websocket", ...headers } });

  function start(options: ConstructorParameters<typeof Reception>[1] = {}) {
    const received = vi.fn(() => new Api());
    const host = new Reception(received, options);
    const handler = newBunWebSocketRpcHandler(host);
    const sockets: any[] = [];
    const server = {
      requestIP: () => ({ address: "192.0.2.1" }),
      upgrade: vi.fn((_request: Request, { data }: { data: unknown }) => {
        const socket = { data, send: vi.fn((_message: string) => 1), close: vi.fn() };
        sockets.push(socket);
        handler.open(socket);
        return true;
      }),
    };
    return { host, handler, server, sockets, received };
  }

  test("decides before it accepts a WebSocket, and starts the session then", async () => {
    const { host, handler, server, sockets, received } = start({
      authorize: ({ url, address }) => ({ context: [url, address] }),
    });
    expect(await handler.upgrade(upgradeRequest(), server)).toBe(undefined);
    expect(received).toHaveBeenCalledWith(
      expect.objectContaining({ context: ["/api?name=ada", "192.0.2.1"] }),
    );
    handler.message(sockets[0], '["push",["pipeline",0,["add"],[1,2]]]');
    handler.message(sockets[0], '["pull",1]');
    await vi.waitFor(() => expect(sockets[0].send).toHaveBeenCalledWith('["resolve",1,3]'));
    expect(host.size).toBe(1);
    handler.close(sockets[0], 1000, "");
    expect(host.size).toBe(0);
  });

  test("refuses with the status, and tells a page over its WebSocket", async () => {
    const { host, handler, server, sockets } = start({
      authorize: () => ({ status: 401, reason: "Log in." }),
    });
    const response = await handler.upgrade(upgradeRequest(), server);
    expect([response?.status, await response?.text()]).toEqual([401, "Log in.\n"]);
    expect(server.upgrade).not.toHaveBeenCalled();
    expect(await handler.upgrade(upgradeRequest({ origin: "http://x" }), server)).toBe(undefined);
    expect(String(sockets[0].send.mock.calls[0])).toMatch(/"Log in\.".*"REFUSED".*401/);
    handler.close(sockets[0], 3000, "");
    expect(host.size).toBe(0);
  });

  test("gives the place back of a request that Bun can't upgrade", async () => {
    const { host, handler, server } = start();
    server.upgrade.mockReturnValue(false);
    expect((await handler.upgrade(upgradeRequest(), server))?.status).toBe(426);
    expect(host.size).toBe(0);
  });

  test("closes a WebSocket that it hasn't accepted, and reports it", () => {
    const onError = vi.fn();
    const { handler, received } = start({ onError });
    const socket = { data: undefined, send: vi.fn(() => 1), close: vi.fn() };
    handler.open(socket);
    expect(socket.close).toHaveBeenCalledWith(1011, expect.any(String));
    expect(onError.mock.calls[0]![0].message).toMatch(/upgrade\(\)/);
    expect(received).not.toHaveBeenCalled();
  });
});
