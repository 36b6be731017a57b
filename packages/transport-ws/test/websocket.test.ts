import { once } from "node:events";
import { RpcSession, type Transport } from "@capnweb/core";
import { describe, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import {
  newWebSocketRpcSession,
  WebSocketPushTransport,
  WebSocketTransport,
} from "../src/index.ts";
import { type Api, serve } from "./support.ts";

const broken = (api: any) => new Promise<any>((resolve) => api.onRpcBroken(resolve));

describe("a session over ws sockets", () => {
  test("keeps calls until the socket is open", async () => {
    const { open } = await serve();
    const socket = open();
    const api = newWebSocketRpcSession<Api>(socket);
    const sum = api.add(1, 2).then((value) => value);
    expect(socket.readyState).toBe(WebSocket.CONNECTING);
    expect(await sum).toBe(3);
  });

  test("carries calls both ways", async () => {
    const { open } = await serve();
    const api = newWebSocketRpcSession<Api>(open());
    expect(await api.call((value) => value * 2, 21)).toBe(42);
  });

  test("closes the socket with the reason when the main stub is disposed of", async () => {
    const { open, accepted, disposed } = await serve();
    const api = newWebSocketRpcSession<Api>(open());
    await api.add(1, 1);
    const closed = once(accepted[0]!, "close");
    api[Symbol.dispose]();
    const [code, reason] = await closed;
    expect(code).toBe(3000);
    expect(String(reason)).toBe("RPC session was shut down by disposing the main stub");
    expect(disposed).toEqual(["main"]);
  });

  test("sends its calls before it closes, if disposed of while connecting", async () => {
    const { open, disposed, accepted } = await serve();
    const socket = open();
    const api = newWebSocketRpcSession<Api>(socket);
    api.add(1, 1);
    api[Symbol.dispose]();
    await once(socket, "close");
    await vi.waitFor(() => expect(disposed).toEqual(["main"]));
    expect(accepted).toHaveLength(1);
  });

  test("reports the peer's close code and reason", async () => {
    const { open, accepted } = await serve();
    const api = newWebSocketRpcSession<Api>(open());
    await api.add(1, 1);
    const pending = api.never().then(
      () => undefined,
      (error: unknown) => error,
    );
    accepted[0]!.close(4001, "maintenance");
    expect(await pending).toMatchObject({
      message: "Peer closed WebSocket: 4001 maintenance",
      code: "WEBSOCKET_CLOSED",
      closeCode: 4001,
      reason: "maintenance",
    });
  });

  test("fails if the connection breaks, or is never made", async () => {
    const { open, accepted } = await serve();
    const api = newWebSocketRpcSession<Api>(open());
    await api.add(1, 1);
    const lost = broken(api);
    accepted[0]!.terminate();
    expect(await lost).toMatchObject({ closeCode: 1006 });

    const refused = newWebSocketRpcSession<Api>(new WebSocket("ws://127.0.0.1:1/"));
    expect(await broken(refused)).toMatchObject({
      message: expect.stringMatching(/connection failed.*ws:\/\/127\.0\.0\.1:1\/.*check the path/),
      cause: { code: "ECONNREFUSED" },
    });
  });

  test("is broken from the start on a closed socket", async () => {
    const { open } = await serve();
    const socket = open();
    await once(socket, "open");
    socket.close();
    await once(socket, "close");
    expect(await broken(newWebSocketRpcSession(socket))).toMatchObject({ closeCode: 1006 });
  });

  test("refuses a binary frame that no message takes, and tells the peer", async () => {
    const { open, accepted } = await serve();
    const api = newWebSocketRpcSession<Api>(open());
    await api.add(1, 1);
    const closed = once(accepted[0]!, "close");
    const reason = broken(api);
    accepted[0]!.send(Buffer.from('["pipe"]'));
    accepted[0]!.send('["pipe"]');
    expect((await reason).message).toMatch(/binary/);
    expect((await closed)[0]).toBe(3000);
  });

  test.each(["nodebuffer", "arraybuffer"] as const)(
    "carries bytes unchanged both ways: %s",
    async (binaryType) => {
      const { url } = await serve((socket) => {
        newWebSocketRpcSession(socket, { echo: (value: unknown) => value });
      });
      const api = newWebSocketRpcSession<any>(Object.assign(new WebSocket(url), { binaryType }));
      await api.echo(0);
      const values = [Buffer.alloc(100_000, 7), "text", new Float64Array(1_000).fill(0.5)] as const;
      const echoed: any[] = await Promise.all(values.map((value) => api.echo(value)));
      expect(values[0].equals(echoed[0])).toBe(true);
      expect(echoed[0].buffer.byteLength).toBe(100_000);
      expect(echoed.slice(1)).toEqual(values.slice(1));
    },
  );

  test("ends when its own client sends garbage, but others go on", async () => {
    const { open, accepted } = await serve();
    const healthy = newWebSocketRpcSession<Api>(open());
    await healthy.add(1, 1);
    const attacker = open();
    await once(attacker, "open");
    const messages: string[] = [];
    attacker.on("message", (data) => messages.push(String(data)));
    attacker.send("garbage");
    await once(attacker, "close");
    expect(JSON.parse(messages[0]!)[0]).toBe("abort");
    expect(await healthy.add(2, 2)).toBe(4);
    expect(accepted).toHaveLength(2);
  });

  test("cuts a long reason to the size of a close frame, between characters", async () => {
    const { open, accepted } = await serve();
    const socket = open();
    const transport = new WebSocketPushTransport(socket);
    new RpcSession(transport);
    await once(socket, "open");
    const closed = once(accepted[0]!, "close");
    transport.abort(new Error("ü€".repeat(100)));
    const [, reason] = await closed;
    expect(reason.byteLength).toBeLessThanOrEqual(123);
    expect(String(reason)).toBe(`${"ü€".repeat(24)}ü`);
  });

  test.each([
    ["a symbol", Symbol("x")],
    [
      "an error whose message throws",
      Object.defineProperty(new Error(), "message", {
        get() {
          throw new Error("no");
        },
      }),
    ],
    ["an object without a text", Object.create(null)],
    ["an error whose message is no text", Object.assign(new Error(), { message: 5 })],
  ])("closes the socket even if the reason of its end is %s", async (_name, reason) => {
    const { open, accepted } = await serve();
    const socket = open();
    const transport = new WebSocketPushTransport(socket);
    new RpcSession(transport);
    await once(socket, "open");
    const closed = once(accepted[0]!, "close");
    transport.abort(reason);
    expect((await closed)[0]).toBe(3000);
  });

  test("carries large messages and streams", async () => {
    const { open } = await serve();
    const api = newWebSocketRpcSession<Api>(open());
    expect(await api.text(3_000_000)).toHaveLength(3_000_000);
    let size = 0;
    for await (const chunk of (await api.stream(50, 100_000)) as any) size += chunk.byteLength;
    expect(size).toBe(5_000_000);
  });
});

describe("back-pressure on a socket", () => {
  /** A socket whose send buffer the test controls. */
  class FakeSocket extends EventTarget {
    readyState = 1;
    bufferedAmount = 0;
    closed: unknown[] | undefined;
    send() {}
    close(...args: unknown[]) {
      this.closed = args;
    }
  }

  test("begins when more than the high-water mark is buffered", async () => {
    const socket = new FakeSocket();
    const transport = new WebSocketPushTransport(socket, { highWaterMark: 100 });
    expect(transport.whenWritable()).toBe(undefined);
    socket.bufferedAmount = 101;
    const room = transport.whenWritable();
    expect(room).toBeInstanceOf(Promise);
    expect(transport.whenWritable()).toBe(room);
    socket.bufferedAmount = 0;
    await room;
    expect(transport.whenWritable()).toBe(undefined);
  });

  test("ends when the socket closes, so that no writer waits", async () => {
    const socket = new FakeSocket();
    const transport = new WebSocketPushTransport(socket, { highWaterMark: 100 });
    socket.bufferedAmount = 101;
    const room = transport.whenWritable();
    socket.readyState = 3;
    await room;
  });

  test("cuts off a peer that never reads, at maxBufferedAmount", async () => {
    const socket = new FakeSocket();
    const api = newWebSocketRpcSession<Api>(socket, undefined, { maxBufferedAmount: 1000 });
    const reason = broken(api);
    socket.bufferedAmount = 1001;
    api.add(1, 1);
    expect((await reason).message).toMatch(/1001 bytes wait \(maxBufferedAmount\)/);
    expect(socket.closed?.[0]).toBe(3000);
  });
});

test("a transport answers a close if the runtime doesn't", () => {
  // Like workerd's sockets, it is still closing when the event comes, until both sides have closed.
  class WorkerdSocket extends EventTarget {
    readyState = 1;
    closes = 0;
    send() {}
    close() {
      this.closes++;
    }
  }
  const socket = new WorkerdSocket();
  newWebSocketRpcSession(socket);
  socket.readyState = 2;
  socket.dispatchEvent(Object.assign(new Event("close"), { code: 1000, reason: "" }));
  expect(socket.closes).toBe(1);
});

test("a transport works inside a wrapper that doesn't know flush()", async () => {
  const { open } = await serve();
  const inner = new WebSocketPushTransport(open());
  const api = new RpcSession<Api>({
    start: (receiver) => inner.start(receiver),
    send: (message: unknown) => inner.send(message as string),
    abort: (reason: unknown) => inner.abort(reason),
  } satisfies Transport).getRemoteMain();
  for (const value of [1, 2, 3]) expect(await api.add(value, 1)).toBe(value + 1);
  api[Symbol.dispose]();
});

describe("WebSocketTransport, in pull style,", () => {
  test("carries a session", async () => {
    const { open } = await serve();
    const api = new RpcSession<Api>(new WebSocketTransport(open())).getRemoteMain();
    expect(await api.add(3, 4)).toBe(7);
    // It works once the socket is open, too.
    expect(await api.add(5, 6)).toBe(11);
    expect(await api.call((value) => value * 2, 4)).toBe(8);
  });

  test("hands out the frames that arrived, then rejects receive() with the reason", async () => {
    const { open, accepted } = await serve(() => {});
    const socket = open();
    const transport = new WebSocketTransport(socket);
    await once(socket, "open");
    const waiting = transport.receive();
    accepted[0]!.send("one");
    accepted[0]!.send("two");
    expect(await waiting).toBe("one");
    accepted[0]!.close(4000, "done");
    await once(socket, "close");
    expect(await transport.receive()).toBe("two");
    await expect(transport.receive()).rejects.toThrow("Peer closed WebSocket: 4000 done");
    await expect(transport.send("x")).rejects.toThrow("Peer closed WebSocket: 4000 done");
  });
});

test("WebSocketTransport with ArrayBuffer sends and receives binary frames", async () => {
  const { open, accepted } = await serve(() => {});
  const socket = open();
  const transport = new WebSocketTransport<ArrayBuffer>(socket);
  await once(socket, "open");
  const sent = once(accepted[0]!, "message");
  await transport.send(new Uint8Array([1, 2, 3]).buffer);
  const [frame, isBinary] = await sent;
  expect({ frame: [...frame], isBinary }).toEqual({ frame: [1, 2, 3], isBinary: true });
  accepted[0]!.send(new Uint8Array([4, 5]));
  const received = await transport.receive();
  expect(received).toBeInstanceOf(ArrayBuffer);
  expect([...new Uint8Array(received)]).toEqual([4, 5]);
  transport.abort(new Error("done"));
});

describe("a ws socket", () => {
  class CorkableSocket extends EventTarget {
    readonly events: string[] = [];
    readyState: number;
    bufferedAmount = 0;
    _socket = {
      cork: () => this.events.push("cork"),
      uncork: () => this.events.push("uncork"),
    };
    constructor(readyState: number) {
      super();
      this.readyState = readyState;
    }
    send() {
      this.events.push("send");
    }
    close() {
      this.events.push("close");
    }
  }

  test("gets the messages of a turn in one write", async () => {
    const socket = new CorkableSocket(1);
    const { events } = socket;
    const api = newWebSocketRpcSession<Api>(socket, undefined, { announce: false });
    api.add(1, 1);
    api.add(2, 2);
    expect(events).toEqual(["cork", "send", "send"]);
    await new Promise((resolve) => setImmediate(resolve));
    expect(events.splice(0)).toEqual(["cork", "send", "send", "uncork"]);
    // Nothing is held back beyond the end of the session.
    api.add(3, 3);
    api[Symbol.dispose]();
    expect(events).toEqual(["cork", "send", "uncork", "close"]);
  });

  test("gets the first messages of a long turn before it ends", async () => {
    const socket = new CorkableSocket(1);
    const { events } = socket;
    const api = newWebSocketRpcSession<any>(socket, undefined, { announce: false });
    api.add(1, 1);
    api.add("x".repeat(16_384), 2);
    api.add(3, 3);
    expect(events).toEqual(["cork", "send", "send", "uncork", "cork", "send"]);
    api[Symbol.dispose]();
  });

  test("gets messages that waited for it to open in one write, when it opens", async () => {
    const socket = new CorkableSocket(0);
    const api = newWebSocketRpcSession<Api>(socket, undefined, { announce: false });
    api.add(1, 1);
    api.add(2, 2);
    await new Promise((resolve) => setImmediate(resolve));
    expect(socket.events).toEqual([]);
    socket.readyState = 1;
    socket.dispatchEvent(new Event("open"));
    expect(socket.events).toEqual(["cork", "send", "send", "uncork"]);
  });
});
