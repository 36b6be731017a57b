import { RpcSession, RpcTarget, startSession } from "@capnweb/core";
import { expect, onTestFinished, test, vi } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { webSocketTransport as openWithPlatform } from "../src/index.ts";
import { webSocketTransport } from "../src/node.ts";

class Client extends RpcTarget {
  name() {
    return "client";
  }
}

/** A server of sockets, and its URL. */
async function listen(options: { verifyClient?: () => boolean } = {}) {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1", ...options });
  await new Promise((resolve) => server.once("listening", resolve));
  onTestFinished(() => {
    for (const client of server.clients) client.terminate();
    server.close();
  });
  const { port } = server.address() as { port: number };
  return { server, url: `ws://127.0.0.1:${port}` };
}

test("a transport is open once its promise resolves, and has lost nothing by then", async () => {
  const { server, url } = await listen();
  const answers: string[] = [];
  server.on("connection", (socket) => {
    socket.on("message", (data) => answers.push(String(data)));
    // Sent together with the answer to the upgrade.
    socket.send('["push",["pipeline",0,["name"],[]]]');
    socket.send('["pull",1]');
  });
  const transport = await webSocketTransport(url);
  await new Promise((resolve) => setImmediate(resolve));
  using _api = startSession(transport, new Client(), { announce: false });
  await vi.waitFor(() => expect(answers).toEqual(['["resolve",1,"client"]']));
});

test("the end of a socket that no session has yet is kept for it", async () => {
  const { server, url } = await listen();
  server.on("connection", (socket) => socket.close(4000, "go"));
  const transport = await webSocketTransport(url);
  await vi.waitFor(() => expect(server.clients.size).toBe(0));
  const session = new RpcSession(transport);
  const reason: any = await new Promise((resolve) => session.onClose(resolve));
  expect([reason.closeCode, reason.reason]).toEqual([4000, "go"]);
});

test("an attempt fails with the reason, and leaves no socket behind", async () => {
  const { url, server } = await listen({ verifyClient: () => false });
  await expect(webSocketTransport(url)).rejects.toMatchObject({
    code: "WEBSOCKET_REFUSED",
    status: 401,
  });
  const reason = new Error("left");
  await expect(webSocketTransport(url, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  const controller = new AbortController();
  const opening = webSocketTransport(url, { signal: controller.signal });
  controller.abort(reason);
  await expect(opening).rejects.toBe(reason);
  await expect(webSocketTransport("ws://127.0.0.1:1")).rejects.toMatchObject({
    code: "WEBSOCKET_CLOSED",
  });
  await expect(webSocketTransport("no url")).rejects.toThrow(SyntaxError);
  expect(server.clients.size).toBe(0);
});

test("the platform's WebSocket is used, with the subprotocols, where there is one", async () => {
  const { url, server } = await listen();
  const offered: string[] = [];
  server.on("connection", (socket) => offered.push(socket.protocol));
  vi.stubGlobal("WebSocket", WebSocket);
  onTestFinished(() => void vi.unstubAllGlobals());
  const transport = await openWithPlatform(url, { protocols: ["capnweb"] });
  expect(offered).toEqual(["capnweb"]);
  transport.abort(new Error("over"));
  vi.stubGlobal("WebSocket", undefined);
  await expect(openWithPlatform(url)).rejects.toMatchObject({ code: "NO_WEBSOCKET" });
});
