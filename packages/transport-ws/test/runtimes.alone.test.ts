import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { WebSocket } from "ws";
import {
  newBunWebSocketRpcHandler,
  newBunWebSocketRpcSession,
  newWebSocketRpcSession,
  newWorkersWebSocketRpcResponse,
  upgradeBunWebSocketRpc,
} from "../src/index.ts";
import { newWebSocketRpcSession as newNodeSession } from "../src/node.ts";
import { Api, broken, serve } from "./support.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("a client's URL", () => {
  test("is enough if the runtime has a WebSocket", async () => {
    const { url } = await serve();
    vi.stubGlobal("WebSocket", WebSocket);
    const api = newWebSocketRpcSession<Api>(url);
    expect(await api.add(1, 2)).toBe(3);
    api[Symbol.dispose]();
  });

  test.each(["localhost:8080", "/api", "http//x", "ftp://x/"])(
    "is refused with an explanation of the form if it is %s",
    (url) => {
      vi.stubGlobal("WebSocket", WebSocket);
      for (const open of [newWebSocketRpcSession, newNodeSession]) {
        expect(() => open(url)).toThrow(/isn't the URL of a WebSocket. Write ws:\/\//);
        expect(() => open(url)).toThrow(SyntaxError);
      }
    },
  );

  test("is refused with the remedy if the runtime has no WebSocket", () => {
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

describe("a server in Workers", () => {
  test("answers an upgrade with 101 and a running session", async () => {
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
    // Only workerd allows a response with status 101.
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

  test("refuses other requests, and disposes of their main objects", async () => {
    const disposed: string[] = [];
    const main = new Api(disposed);
    const response = newWorkersWebSocketRpcResponse(new Request("http://x/"), main);
    expect(response.status).toBe(400);
    expect(await response.text()).toBe("This endpoint only accepts WebSocket requests.");
    expect(disposed).toEqual(["main"]);
  });

  test.each([
    ["origin", {}, 403, /"origins" option/],
    ["host", { origins: "*", hosts: ["api.example"] }, 421, /"hosts" option/],
  ] as const)("refuses an %s that isn't allowed", async (_name, options, status, body) => {
    const disposed: string[] = [];
    const headers = { Upgrade: "websocket", Origin: "https://evil.example" };
    const request = new Request("http://x/", { headers });
    const response = newWorkersWebSocketRpcResponse(request, new Api(disposed), options);
    expect(response.status).toBe(status);
    expect(await response.text()).toMatch(body);
    expect(disposed).toEqual(["main"]);
  });
});

describe("a server in Bun", () => {
  test("runs a session on each socket, through its handler", async () => {
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

  test("ends sessions of the network that holds most, if all hold too much", () => {
    const open = new Map<string, boolean>();
    const socketOf = (remoteAddress: string) => {
      open.set(remoteAddress, true);
      const close = () => void open.set(remoteAddress, false);
      return { remoteAddress, send: () => 1, close };
    };
    // Results hold their bytes only once their messages are handled, which a busy machine puts off.
    const limits = { maxProcessHeldBytes: 2_000_000, turnBudget: Infinity };
    const handler = newBunWebSocketRpcHandler(() => new Api(), { limits });
    const hold = (address: string, length: number) => {
      const socket = socketOf(address);
      onTestFinished(() => handler.close(socket, 1000, ""));
      handler.open(socket);
      handler.message(socket, `["push","${"x".repeat(length)}"]`);
    };
    hold("198.51.100.7", 300_000);
    for (let i = 0; i < 4; i++) hold(`2001:db8::${i}`, 200_000 - i);
    expect([...open.values()]).toEqual([true, false, true, true, true]);
  });

  test("starts sessions for custom handlers, which fail with the socket's error", async () => {
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

  test("ends the session if the socket drops a message", async () => {
    const socket = { send: () => 0, close() {} };
    const disposed: string[] = [];
    const handler = newBunWebSocketRpcHandler(() => new Api(disposed));
    handler.open(socket);
    handler.message(socket, '["push",["pipeline",0,["add"],[1,2]]]');
    handler.message(socket, '["pull",1]');
    await vi.waitFor(() => expect(disposed).toEqual(["main"]));
  });

  test("makes writers wait for drain() after a buffered send", async () => {
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

  test("derives Bun's own settings from the options", () => {
    expect(newBunWebSocketRpcHandler(() => new Api())).toMatchObject({
      maxPayloadLength: 12 * 1024 * 1024,
      backpressureLimit: 16 * 1024 * 1024,
      closeOnBackpressureLimit: true,
      // The most seconds until a stopped peer is noticed: the default interval and timeout.
      idleTimeout: 90,
      sendPings: true,
    });
    const keepAlive = { interval: 10_000, timeout: 5_500 };
    expect(newBunWebSocketRpcHandler(() => new Api(), { keepAlive })).toMatchObject({
      idleTimeout: 16,
      sendPings: true,
    });
    const options = {
      maxPayload: 1_000,
      maxBufferedAmount: 2_000,
      keepAlive: false,
    } as const;
    expect(newBunWebSocketRpcHandler(() => new Api(), options)).toMatchObject({
      maxPayloadLength: 1_000,
      backpressureLimit: 2_000,
      idleTimeout: 0,
      sendPings: false,
    });
  });

  test("limits the number of sessions, in total and by address", () => {
    const onError = vi.fn();
    const handler = newBunWebSocketRpcHandler(() => new Api(), {
      maxSessionsPerAddress: 1,
      onError,
    });
    const open = (remoteAddress: string) => {
      const socket = { remoteAddress, send: vi.fn((_message: string) => 1), close: vi.fn() };
      handler.open(socket);
      return socket;
    };
    const first = open("192.0.2.1");
    const refused = open("192.0.2.1");
    expect(refused.close).toHaveBeenCalledWith(3000, expect.stringMatching(/maxSess/));
    expect(String(refused.send.mock.calls[0])).toMatch(/"REFUSED".*503/);
    handler.close(refused, 3000, "");
    expect(open("192.0.2.2").close).not.toHaveBeenCalled();
    handler.close(first, 1000, "");
    expect(open("192.0.2.1").close).not.toHaveBeenCalled();
    expect(onError.mock.calls.map(([error]) => error)).toEqual([
      expect.objectContaining({ code: "ADMISSION" }),
    ]);
  });

  test("takes a promise from createMain, and closes the socket with 1011 if it fails", async () => {
    const socket = () => ({ send: vi.fn(() => 1), close: vi.fn() });
    const onError = vi.fn();
    const handler = newBunWebSocketRpcHandler(
      async (ws: ReturnType<typeof socket>, { client, session }) => {
        expect(session.getRemoteMain()).toBe(client);
        if (ws === bad) throw new Error("no database");
        return new Api();
      },
      { onError },
    );
    const [good, bad] = [socket(), socket()];
    handler.open(good);
    handler.message(good, '["push",["pipeline",0,["add"],[1,2]]]');
    handler.message(good, '["pull",1]');
    handler.open(bad);
    await vi.waitFor(() => expect(good.send).toHaveBeenCalledWith('["resolve",1,3]'));
    await vi.waitFor(() => expect(bad.close).toHaveBeenCalledWith(1011, expect.any(String)));
    expect(onError.mock.calls.map(([error]) => error)).toEqual([new Error("no database")]);
  });

  test("cuts off a client that doesn't read, not counting the last message sent", async () => {
    let buffered = 500;
    const socket = {
      send: () => -1,
      close: vi.fn(),
      terminate: vi.fn(),
      getBufferedAmount: () => buffered,
    };
    const { stub } = newBunWebSocketRpcSession<any>(socket, undefined, {
      maxBufferedAmount: 1_000,
    });
    const reason = broken(stub);
    buffered = 2_500;
    const large = stub.send("x".repeat(2_000));
    expect(socket.terminate).not.toHaveBeenCalled();
    large.catch(() => {});
    expect((await reason).message).toMatch(/\(maxBufferedAmount\)/);
    expect(socket.terminate).toHaveBeenCalledOnce();
  });

  test("ends a session without messages after idleTimeout", async () => {
    const socket = { send: () => 1, close: vi.fn() };
    const { stub } = newBunWebSocketRpcSession<any>(socket, undefined, { idleTimeout: 10 });
    expect((await broken(stub)).message).toMatch(/idleTimeout/);
    expect(socket.close).toHaveBeenCalledOnce();
  });

  test.each([
    ["the same site", { Origin: "http://x:5173" }, {}, undefined],
    ["no page", {}, {}, undefined],
    ["another origin", { Origin: "https://evil.example" }, {}, 403],
    ["another host", {}, { hosts: ["api.example"] }, 421],
  ] as const)(
    "decides on upgrades by origin and host: %s",
    async (_name, headers, options, status) => {
      const upgrade = vi.fn(() => true);
      const request = new Request("http://x/", { headers });
      const response = upgradeBunWebSocketRpc(request, { upgrade }, { ...options, data: 1 });
      expect(response?.status).toBe(status);
      if (status) expect(upgrade).not.toHaveBeenCalled();
      else expect(upgrade).toHaveBeenCalledWith(request, { data: 1 });
    },
  );

  test("answers a request that is no upgrade with 426", () => {
    const response = upgradeBunWebSocketRpc(new Request("http://x/"), { upgrade: () => false });
    expect(response?.status).toBe(426);
  });
});
