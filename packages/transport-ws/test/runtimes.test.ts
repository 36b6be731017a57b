import { afterEach, describe, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import {
  newBunWebSocketRpcHandler,
  newBunWebSocketRpcSession,
  newWebSocketRpcSession,
  newWorkersWebSocketRpcResponse,
} from "../src/index.ts";
import { newWebSocketRpcSession as newNodeSession } from "../src/node.ts";
import { Api, serve } from "./support.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("a URL on the client", () => {
  test("is enough where the runtime has a WebSocket", async () => {
    const { url } = await serve();
    vi.stubGlobal("WebSocket", WebSocket);
    const api = newWebSocketRpcSession<Api>(url);
    expect(await api.add(1, 2)).toBe(3);
    api[Symbol.dispose]();
  });

  test("is an error that says what to do where it hasn't", () => {
    vi.stubGlobal("WebSocket", undefined);
    const open = () => newWebSocketRpcSession("ws://127.0.0.1/");
    expect(open).toThrow(/transport-ws\/node/);
    expect(open).toThrow(expect.objectContaining({ code: "NO_WEBSOCKET" }));
  });

  test("is enough on every Node through the /node entry", async () => {
    const { url } = await serve();
    vi.stubGlobal("WebSocket", undefined);
    const api = newNodeSession<Api>(new URL(url));
    expect(await api.add(1, 2)).toBe(3);
    api[Symbol.dispose]();
  });
});

describe("Workers", () => {
  test("an upgrade is answered with 101 and a running session", async () => {
    const sent: string[] = [];
    class Accepted extends EventTarget {
      readyState = 1;
      accepted = false;
      accept() {
        this.accepted = true;
      }
      send(message: string) {
        sent.push(message);
      }
      close() {}
    }
    const server = new Accepted();
    const client = {};
    vi.stubGlobal("WebSocketPair", function WebSocketPair() {
      return { 0: client, 1: server };
    });
    // Only workerd lets a response have status 101.
    vi.stubGlobal(
      "Response",
      class {
        readonly init: unknown;
        constructor(_body: unknown, init: unknown) {
          this.init = init;
        }
      },
    );
    const request = new Request("http://x/", { headers: { Upgrade: "websocket" } });
    const response: any = newWorkersWebSocketRpcResponse(request, new Api());
    expect(response.init).toEqual({ status: 101, webSocket: client });
    expect(server.accepted).toBe(true);
    for (const data of ['["push",["pipeline",0,["add"],[1,2]]]', '["pull",1]']) {
      server.dispatchEvent(new MessageEvent("message", { data }));
    }
    await vi.waitFor(() => expect(sent).toContain('["resolve",1,3]'));
  });

  test("anything else is refused", async () => {
    const response = newWorkersWebSocketRpcResponse(new Request("http://x/"), new Api());
    expect(response.status).toBe(400);
    expect(await response.text()).toBe("This endpoint only accepts WebSocket requests.");
  });
});

describe("Bun", () => {
  test("the handler runs a session on each socket", async () => {
    const sent: string[] = [];
    const closed: unknown[][] = [];
    const socket = {
      send: (data: string) => sent.push(data),
      close: (...args: unknown[]) => void closed.push(args),
    };
    const disposed: string[] = [];
    const handler = newBunWebSocketRpcHandler(() => new Api(disposed));
    handler.open(socket);
    handler.message(socket, '["push",["pipeline",0,["add"],[1,2]]]');
    handler.message(socket, '["pull",1]');
    await vi.waitFor(() => expect(sent).toContain('["resolve",1,3]'));
    handler.message(socket, new Uint8Array(3));
    handler.message(socket, '["pipe"]');
    expect(closed).toEqual([[3000, expect.stringMatching(/binary/)]]);
    handler.close(socket, 3000, "");
    expect(disposed).toEqual(["main"]);
  });

  test("a session of one's own calls the client, and fails with what the socket fails with", async () => {
    const sent: any[] = [];
    const socket = { send: (data: string) => sent.push(JSON.parse(data)), close() {} };
    const { stub, transport } = newBunWebSocketRpcSession<Api>(socket, new Api(), {
      announce: false,
    });
    const sum = stub.add(1, 2);
    const done = sum.then((value) => value);
    expect(sent).toEqual([
      ["push", ["pipeline", 0, ["add"], [1, 2]]],
      ["pull", 1],
    ]);
    transport.dispatchMessage('["resolve",1,3]');
    expect(await done).toBe(3);
    const pending = stub.never().then(
      () => "settled",
      (error: Error) => error.message,
    );
    transport.dispatchError(new Error("reset"));
    expect(await pending).toBe("reset");
  });

  test("a message that the socket drops ends the session", async () => {
    const socket = { send: () => 0, close() {} };
    const disposed: string[] = [];
    const handler = newBunWebSocketRpcHandler(() => new Api(disposed));
    handler.open(socket);
    handler.message(socket, '["push",["pipeline",0,["add"],[1,2]]]');
    handler.message(socket, '["pull",1]');
    await vi.waitFor(() => expect(disposed).toEqual(["main"]));
  });

  test("writers wait for drain() after a send that had to be buffered", async () => {
    let accept = -1;
    const sent: any[] = [];
    const socket = {
      send(data: string) {
        sent.push(JSON.parse(data));
        return accept;
      },
      close() {},
    };
    const handler = newBunWebSocketRpcHandler(() => new Api());
    handler.open(socket);
    handler.message(socket, '["push",["pipeline",0,["stream"],[3,10]]]');
    handler.message(socket, '["pull",1]');
    await vi.waitFor(() => expect(sent.some(([tag]) => tag === "stream")).toBe(true));
    const before = sent.length;
    accept = 1;
    handler.drain(socket);
    await vi.waitFor(() => expect(sent.length).toBeGreaterThan(before));
  });
});
