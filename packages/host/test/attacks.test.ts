import { once } from "node:events";
import { connect } from "node:net";
import { RpcTarget } from "@capnweb/core";
import { MessagePortTransport, newMessagePortRpcSession } from "@capnweb/transport-messageport";
import { expect, onTestFinished, test, vi } from "vitest";
import { WebSocket } from "ws";
import type { HostedAdmission } from "../src/hosted-admission.ts";
import { Api, broken, newHost, serve } from "./support.ts";

/** A WebSocket whose client never reads. */
function openDeaf(port: number): void {
  const deaf = connect(port, "127.0.0.1");
  onTestFinished(() => void deaf.destroy());
  deaf.write(
    "GET /api HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
  );
  deaf.pause();
}

test("requests that authorize never decides on take a place only until its timeout", async () => {
  const onError = vi.fn();
  const { host, ws, http } = await serve({
    authorize: () => new Promise(() => {}),
    authorizeTimeout: 2_000,
    maxSessions: 3,
    onError,
  });
  const sockets = [1, 2, 3].map(() => new WebSocket(ws));
  const statuses = sockets.map(async (socket) => {
    const [, response] = await once(socket, "unexpected-response");
    socket.on("error", () => {}).terminate();
    return response.statusCode;
  });
  await vi.waitFor(() => expect(host.size).toBe(3));
  expect((await fetch(`${http}/api`, { method: "POST", body: "" })).status).toBe(503);
  expect(await Promise.all(statuses)).toEqual([503, 503, 503]);
  await vi.waitFor(() => expect(host.size).toBe(0));
  expect([...host.sessions]).toEqual([]);
});

test("clients that leave while authorize decides leave nothing behind", async () => {
  const decisions: ((decision: boolean) => void)[] = [];
  const createMain = vi.fn();
  const { host, ws, port } = await serve({
    authorize: () => new Promise<any>((resolve) => decisions.push(resolve)),
    createMain,
  });
  const socket = new WebSocket(ws).on("error", () => {});
  const batch = connect(port, "127.0.0.1");
  batch.write("POST /api HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n");
  await vi.waitFor(() => expect(decisions).toHaveLength(2));
  socket.terminate();
  batch.destroy();
  await once(batch, "close");
  for (const decide of decisions) decide(true);
  await vi.waitFor(() => expect([host.size, ...host.sessions]).toEqual([0]));
  expect(createMain).not.toHaveBeenCalled();
});

test("main objects that can't be made end their own session only", async () => {
  const errors: unknown[] = [];
  let made = 0;
  const { host, open, http } = await serve({
    onError: (error) => errors.push(error),
    createMain() {
      if (++made % 2 === 1) throw new Error("no database");
      return { ping: () => "pong" };
    },
  });
  expect(await broken(open())).toMatchObject({ message: expect.stringMatching(/1011/) });
  const api = open();
  expect(await api.ping()).toBe("pong");
  expect((await fetch(`${http}/api`, { method: "POST", body: "" })).status).toBe(500);
  expect(errors).toEqual([new Error("no database"), new Error("no database")]);
  await vi.waitFor(() => expect([...host.sessions]).toHaveLength(1));
});

test("a broadcast to a client that never reads ends that client's session, and no other", async () => {
  const { host, open, port } = await serve(
    { onError() {} },
    { webSocket: { maxBufferedAmount: 1_000_000 } },
  );
  const received: unknown[] = [];
  class Client extends RpcTarget {
    notify(text: string) {
      received.push(text.length);
    }
  }
  const api = open(new Client());
  await api.add(1, 2);
  openDeaf(port);
  await vi.waitFor(() => expect([...host.sessions]).toHaveLength(2));
  const text = "x".repeat(1_000_000);
  const reports: ReturnType<typeof host.broadcast>[] = [];
  while ([...host.sessions].length === 2) {
    reports.push(host.broadcast((client) => client.notify(text), { timeout: 30_000 }));
    await vi.waitFor(() => expect(received).toHaveLength(reports.length), 30_000);
  }
  const outcomes = await Promise.all(reports);
  expect(outcomes.map(({ delivered }) => delivered)).toEqual(reports.map(() => 1));
  expect(outcomes.at(-1)!.failed).toHaveLength(1);
  expect([...host.sessions].map(({ id }) => id)).toEqual([1]);
  expect(await api.add(1, 2)).toBe(3);
});

test("a drain ends although clients ignore it, don't read, and call without end", async () => {
  const { host, open, port } = await serve();
  const api = open();
  await api.add(1, 2);
  let isOver = false;
  const calling = (async () => {
    while (!isOver) await api.wait(1);
  })().catch(() => {});
  openDeaf(port);
  await vi.waitFor(() => expect([...host.sessions]).toHaveLength(2));
  const report = await host.drain({ deadline: 200 });
  isOver = true;
  await calling;
  expect(report.sessions).toBe(2);
  expect(report.left + report.closed + report.cut).toBe(2);
  expect([...host.sessions]).toEqual([]);
});

test("a drain ends uploads that are slow, and runs nothing of them later", async () => {
  const createMain = vi.fn(() => new Api());
  const { host, port } = await serve({ createMain });
  const slow = connect(port, "127.0.0.1");
  onTestFinished(() => void slow.destroy());
  let answer = "";
  slow.on("data", (data) => {
    answer += data;
  });
  slow.write("POST /api HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\n[");
  await vi.waitFor(() => expect(host.size).toBe(1));
  const report = await host.drain({ deadline: 50 });
  expect([...host.sessions]).toEqual([]);
  expect(report).toMatchObject({ sessions: 1, closed: 1, cut: 0 });
  await once(slow, "close");
  expect(answer).toMatch(/^HTTP\/1.1 503 /);
  expect(createMain).not.toHaveBeenCalled();
});

test("a drain ends connections on which nothing was said, and starts no session later", async () => {
  const createMain = vi.fn(() => new Api());
  const silent = { createMain, resume: { firstMessageTimeout: Number.POSITIVE_INFINITY } };
  const { host, ws } = await serve(silent);
  const socket = new WebSocket(ws);
  const closed = once(socket, "close");
  const { port1, port2 } = new MessageChannel();
  onTestFinished(() => port1.close());
  const accepted = host.accept(new MessagePortTransport(port2));
  await vi.waitFor(() => expect([...host.sessions]).toHaveLength(2));
  const report = await host.drain({ deadline: 50 });
  expect(report).toMatchObject({ sessions: 2, closed: 2, cut: 0 });
  expect([...host.sessions]).toEqual([]);
  expect(await closed).toEqual([1001, expect.anything()]);
  expect((await accepted)?.state).toBe("closed");
  expect(createMain).not.toHaveBeenCalled();
});

test("a connection that opens after its session was closed gets no main object", async () => {
  const createMain = vi.fn(() => new Api());
  const host = newHost({ createMain });
  const headers = { get: () => undefined };
  const request = { medium: "test", url: "", address: undefined, headers, source: undefined };
  let leave = () => {};
  const admitted = (await host.admit(request, (over) => {
    leave = over;
  })) as HostedAdmission;
  for (const session of host.sessions) session.close("We close.");
  const { port1, port2 } = new MessageChannel();
  const close = vi.fn();
  admitted.serve(new MessagePortTransport(port2), {}, close);
  expect(close.mock.calls).toEqual([["goingAway", "We close."]]);
  const api = newMessagePortRpcSession<any>(port1) as any;
  expect(await broken(api)).toMatchObject({ message: expect.stringMatching("We close.") });
  expect(createMain).not.toHaveBeenCalled();
  leave();
  await vi.waitFor(() => expect([...host.sessions]).toEqual([]));
});
