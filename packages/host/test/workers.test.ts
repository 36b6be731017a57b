import { RpcTarget, startSession } from "@capnweb/core";
import { connect } from "@capnweb/reconnect";
import { ResumingTransport } from "@capnweb/resume";
import { newWebSocketRpcSession, WebSocketPushTransport } from "@capnweb/transport-ws";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import type { HostOptions } from "../src/workers.ts";
import { HibernatingRuntime } from "./hibernating-runtime.ts";
import { Api, broken } from "./support.ts";

function start(options: Partial<HostOptions> = {}) {
  return new HibernatingRuntime({
    createMain: (context) => new Api(context),
    resume: {},
    ...options,
  });
}

/** A session that a client with `resume` starts. */
async function resuming(runtime: HibernatingRuntime, url?: string) {
  const socket = await runtime.connect(url);
  const transport = new ResumingTransport(() => new WebSocketPushTransport(socket));
  return { socket, transport, api: startSession<any>(transport) as any };
}

describe("a Durable Object whose memory is dropped", () => {
  test("tells the client, which starts a new session on the same connection", async () => {
    const authorize = vi.fn(({ url }: { url: string }) => ({ context: url, identity: "ada" }));
    const runtime = start({ authorize });
    const { api, transport, socket } = await resuming(runtime, "https://room.example/?a");
    expect(await api.whoAmI()).toBe("/?a");
    const underWay = api.never().catch((error: unknown) => error);
    await api.add(1, 2);
    runtime.hibernate();
    const reason = broken(api);
    const late = api.add(1, 2).catch((error: unknown) => error);
    expect(await reason).toMatchObject({ code: "RESUME_FRESH" });
    expect(await Promise.all([underWay, late])).toEqual([
      expect.objectContaining({ code: "RESUME_FRESH" }),
      expect.objectContaining({ code: "RESUME_FRESH" }),
    ]);
    const again = startSession<any>(transport.successor()) as any;
    expect(await again.whoAmI()).toBe("/?a");
    expect(socket.readyState).toBe(1);
    expect([runtime.starts, authorize.mock.calls.length]).toEqual([2, 1]);
    expect([...runtime.host.sessions]).toEqual([
      expect.objectContaining({ identity: "ada", state: "open" }),
    ]);
    // Again, because the new session has a secret of its own.
    runtime.hibernate();
    again.add(1, 2).catch(() => {});
    expect(await broken(again)).toMatchObject({ code: "RESUME_FRESH" });
  });

  test("keeps a client's kept stubs working, and delivers no event twice", async () => {
    const listeners = new Set<any>();
    const said: string[] = [];
    class Room extends RpcTarget {
      room() {
        return this;
      }
      never() {
        return new Promise(() => {});
      }
      say(text: string) {
        said.push(text);
        for (const listener of listeners) listener(text).catch(() => {});
        return said.length;
      }
      listen(listener: any) {
        const kept = listener.dup();
        listeners.add(kept);
        kept.onRpcBroken(() => listeners.delete(kept));
        return new Subscription();
      }
    }
    class Subscription extends RpcTarget {}
    const runtime = start({
      createMain: () => new Room(),
    });
    let connections = 0;
    const connection = connect<any>({
      async open() {
        connections++;
        return new WebSocketPushTransport(await runtime.connect());
      },
      resume: {},
      health: { interval: Number.POSITIVE_INFINITY },
    });
    onTestFinished(() => void connection.close());
    const room = connection.keep((api: any) => api.room()) as any;
    const heard: string[] = [];
    const listen = connection.keep((api: any) =>
      api.listen((text: string) => void heard.push(text)),
    ) as any;
    await listen;
    // The session's first call. Kept stubs are derived before it is answered.
    expect(await room.say("zero")).toBe(1);
    await vi.waitFor(() => expect(listeners.size).toBe(1));
    await room.say("one");
    await vi.waitFor(() => expect(heard.at(-1)).toBe("one"));
    const underWay = (connection.api as any).never().catch((error: unknown) => error);
    await room.say("two");
    runtime.hibernate();
    listeners.clear();
    // The message that wakes the object is a call whose outcome the client can't know.
    expect(await room.say("lost").catch((error: unknown) => error)).toMatchObject({
      execution: "maybe",
    });
    expect(await underWay).toMatchObject({ execution: "maybe" });
    expect(await room.say("three")).toBe(4);
    await vi.waitFor(() => expect(listeners.size).toBe(1));
    await room.say("four");
    await vi.waitFor(() => expect(heard.at(-1)).toBe("four"));
    expect(said).toEqual(["zero", "one", "two", "three", "four"]);
    expect(new Set(heard).size).toBe(heard.length);
    expect([connections, runtime.starts]).toEqual([1, 2]);
  });

  test("closes the connections of clients that don't know resume", async () => {
    const runtime = start();
    const socket = await runtime.connect();
    const api = newWebSocketRpcSession<any>(socket as any) as any;
    expect(await api.add(1, 2)).toBe(3);
    runtime.hibernate();
    const reason = broken(api);
    api.add(1, 2).catch(() => {});
    expect(await reason).toMatchObject({ message: expect.stringMatching(/1012/) });
    expect(runtime.host.size).toBe(0);
  });

  test("ignores the events of WebSockets that aren't its own, or are gone", async () => {
    const runtime = start();
    const foreign = { readyState: 1, send: vi.fn(), close: vi.fn() } as any;
    foreign.deserializeAttachment = () => ({ mine: true });
    runtime.object.message(foreign, "hello");
    runtime.object.error(foreign, new Error("lost"));
    expect(foreign.send).not.toHaveBeenCalled();
    const { socket, api } = await resuming(runtime);
    await api.add(1, 2);
    runtime.hibernate();
    socket.close();
    await vi.waitFor(() => expect(runtime.starts).toBe(2));
    expect([runtime.host.size, ...runtime.host.sessions]).toEqual([0]);
  });
});

describe("a Durable Object", () => {
  test("refuses requests with the status, and serves health checks", async () => {
    const runtime = start({
      origins: ["https://app.example"],
      onError() {},
      authorize: () => ({ status: 401, reason: "Log in first." }),
    });
    expect(await runtime.request()).toMatchObject({ status: 401, body: "Log in first.\n" });
    const page = await runtime.request(undefined, { origin: "https://app.example" });
    const api = newWebSocketRpcSession<any>(page.webSocket as any);
    expect(await broken(api)).toMatchObject({ code: "REFUSED", status: 401 });
    await vi.waitFor(() => expect(runtime.host.size).toBe(0));
    const headers = { origin: "https://evil.example" };
    expect(await runtime.request(undefined, headers)).toMatchObject({ status: 403 });
    const get = (path: string) =>
      runtime.object.fetch({
        url: `https://room.example${path}`,
        method: "GET",
        headers: new Headers(),
      } as Request);
    expect(await get("/ready")).toMatchObject({ status: 200 });
    void runtime.host.drain();
    expect(await get("/ready")).toMatchObject({ status: 503 });
    expect(await runtime.request()).toMatchObject({ status: 503 });
  });

  test("closes a connection whose context it can't keep, and reports the error", async () => {
    const onError = vi.fn();
    const runtime = start({ authorize: () => ({ context: "x".repeat(3_000) }), onError });
    const api = newWebSocketRpcSession<any>((await runtime.connect()) as any);
    expect(await broken(api)).toMatchObject({ message: expect.stringMatching(/1011/) });
    expect(runtime.host.size).toBe(0);
    expect(onError.mock.calls[0]![0].message).toMatch(/2048 bytes/);
  });

  test("gives the place of a connection back when it ends or fails", async () => {
    const runtime = start();
    const clients = [await resuming(runtime), await resuming(runtime)];
    for (const { api } of clients) await api.add(1, 2);
    expect(runtime.host.size).toBe(2);
    clients[0]!.api[Symbol.dispose]();
    await vi.waitFor(() => expect(runtime.host.size).toBe(1));
    runtime.object.error(clients[1]!.socket.server, new Error("lost"));
    expect(runtime.host.size).toBe(0);
    expect([...runtime.host.sessions].map(({ state }) => state)).toEqual(["detached"]);
  });

  test("counts connections that it has no memory of, so that none pushes another out", async () => {
    const runtime = start({
      maxSessions: 3,
      maxSessionsPerAddress: 2,
      onError() {},
      authorize: () => ({ context: undefined, identity: "ada" }),
    });
    const from = (address: string) =>
      runtime.request(undefined, { "CF-Connecting-IP": address }).then(({ status }) => status);
    const honest = await resuming(runtime);
    await honest.api.add(1, 2);
    expect([await from("192.0.2.1"), await from("192.0.2.1")]).toEqual([101, 101]);
    runtime.hibernate();
    expect([await from("192.0.2.1"), await from("192.0.2.2")]).toEqual([503, 503]);
    expect(runtime.host.size).toBe(3);
    // One that wakes keeps its place, and one that ends gives it back.
    honest.api.add(1, 2).catch(() => {});
    expect(await broken(honest.api)).toMatchObject({ code: "RESUME_FRESH" });
    const again = startSession<any>(honest.transport.successor()) as any;
    expect(await again.add(1, 2)).toBe(3);
    expect(runtime.host.size).toBe(3);
    again[Symbol.dispose]();
    await vi.waitFor(() => expect(runtime.host.size).toBe(2));
    expect([await from("192.0.2.1"), await from("192.0.2.2")]).toEqual([503, 101]);
    for (const socket of runtime.sockets) runtime.object.close(socket, 1000, "");
    expect(runtime.host.size).toBe(0);
  });
});
