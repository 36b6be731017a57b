import { once } from "node:events";
import { connect } from "@capnweb/reconnect";
import { MessagePortTransport } from "@capnweb/transport-messageport";
import { WebSocketPushTransport } from "@capnweb/transport-ws";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { WebSocket } from "ws";
import { FollowingClient } from "./client.ts";
import { broken, holding, newHost, openPort, serve } from "./support.ts";

describe("drain", () => {
  test("refuses new sessions and batches with 503 and Retry-After, over every medium", async () => {
    const { host, http, ws, open } = await serve({ retryAfter: 7 });
    const api = open();
    await api.add(1, 2);
    void host.drain({ deadline: 2_000 });
    await vi.waitFor(async () => {
      const answer = await fetch(`${http}/api`, { method: "POST", body: "" });
      expect([answer.status, answer.headers.get("Retry-After")]).toEqual([503, "7"]);
    });
    const socket = new WebSocket(ws);
    const [, response] = await once(socket, "unexpected-response");
    expect([response.statusCode, response.headers["retry-after"]]).toEqual([503, "7"]);
    socket.on("error", () => {});
    socket.terminate();
    expect(await broken(openPort(host).api)).toMatchObject({ code: "REFUSED", status: 503 });
    api[Symbol.dispose]();
  });

  test("lets calls finish that are under way, closes with 1001, and tells what happened", async () => {
    const { createMain, release } = holding();
    const { host, open } = await serve({ createMain });
    // Clients that don't follow the announcement.
    const [busy, idle, leaving] = [open(), open(), open()];
    for (const api of [busy, idle, leaving]) await api.add(1, 2);
    const call = Promise.resolve(busy.hold());
    await vi.waitFor(() => expect([...host.sessions][0]!.statistics.calls).toBe(1));
    const reasons = [busy, idle].map(broken);
    const drained = host.drain({ deadline: 6_000 });
    leaving[Symbol.dispose]();
    // The call is under way when clients should have left.
    await reasons[1];
    release();
    expect(await call).toBe("held");
    expect(await Promise.all(reasons)).toEqual([
      expect.objectContaining({ message: expect.stringMatching(/1001 The server is shutting/) }),
      expect.objectContaining({ closeCode: 1001 }),
    ]);
    const report = await drained;
    expect(report).toMatchObject({ sessions: 3, left: 1, closed: 2, cut: 0, cutCalls: 0 });
    expect(host.drain()).toBe(host.drain());
    expect([...host.sessions]).toEqual([]);
  });

  test("cuts calls at the deadline, and counts them", async () => {
    const { host, open } = await serve();
    const api = open();
    await api.add(1, 2);
    const calls = [1, 2].map(() => api.never().catch((error: unknown) => error));
    await vi.waitFor(() => expect([...host.sessions][0]!.statistics.calls).toBe(2));
    const drained = host.drain({ deadline: 100 });
    for (const error of await Promise.all(calls)) expect(error).toMatchObject({ closeCode: 1001 });
    expect(await drained).toMatchObject({ sessions: 1, left: 0, closed: 0, cut: 1, cutCalls: 2 });
  });

  test("counts sessions that end within the call that closes them", async () => {
    const host = newHost();
    const clients = [1, 2, 3].map(() => openPort(host));
    for (const { api } of clients) await api.add(1, 2);
    const call = clients[0]!.api.never().catch((error: unknown) => error);
    await vi.waitFor(() => expect([...host.sessions][0]!.statistics.calls).toBe(1));
    const drained = host.drain({ deadline: 100 });
    await call;
    expect(await drained).toMatchObject({ sessions: 3, left: 0, closed: 2, cut: 1, cutCalls: 1 });
  });

  test("ends batches at the deadline with 503", async () => {
    const { host, http } = await serve();
    const body = '["push",["pipeline",0,["never"],[]]]\n["pull",1]';
    const answer = fetch(`${http}/api`, { method: "POST", body });
    await vi.waitFor(() => expect([...host.sessions]).toHaveLength(1));
    const drained = host.drain({ deadline: 50 });
    expect((await answer).status).toBe(503);
    expect(await drained).toMatchObject({ sessions: 1, cut: 1 });
  });

  test("still accepts sessions during its notice, although it isn't ready", async () => {
    const { host, open, http } = await serve();
    const drained = host.drain({ deadline: 50, notice: 60_000 });
    expect((await fetch(`${http}/ready`)).status).toBe(503);
    const api = open();
    expect(await api.add(1, 2)).toBe(3);
    const reason = broken(api);
    await host.close();
    expect(await reason).toMatchObject({ closeCode: 1001 });
    await drained;
  });

  test("ends sessions whose medium can't be closed, because the application throws", async () => {
    const onError = vi.fn();
    const host = newHost({ onError });
    const { port1, port2 } = new MessageChannel();
    onTestFinished(() => port1.close());
    const error = new Error("close");
    const close = () => {
      throw error;
    };
    await host.accept(new MessagePortTransport(port2), { close });
    await vi.waitFor(() => expect([...host.sessions][0]!.state).toBe("open"));
    expect(await host.drain({ deadline: 100 })).toMatchObject({ sessions: 1, closed: 1, cut: 0 });
    expect(host.health()).toMatchObject({ status: "closed", sessions: 0 });
    expect(onError).toHaveBeenCalledWith(error, { source: "server" });
  });

  test("cuts a reason that is longer than a close frame", async () => {
    const { host, open } = await serve();
    const api = open();
    await api.add(1, 2);
    const end = broken(api);
    expect(await host.drain({ deadline: 0, reason: "é".repeat(200) })).toMatchObject({ cut: 0 });
    expect(await end).toMatchObject({ closeCode: 1001, reason: "é".repeat(61) });
  });

  test("can be hurried by close()", async () => {
    const { host, open } = await serve();
    const api = open();
    await api.add(1, 2);
    const reason = broken(api);
    const drained = host.drain({ deadline: 60_000 });
    await host.close();
    expect(await reason).toMatchObject({ closeCode: 1001 });
    expect(await drained).toMatchObject({ sessions: 1 });
  });

  test("tells a client that announces itself only after the drain has begun", async () => {
    const host = newHost();
    const seen: string[] = [];
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => void seen.push(JSON.stringify(data));
    await host.accept(new MessagePortTransport(port2));
    void host.drain({ deadline: 60_000 });
    expect(seen).toEqual([]);
    port1.postMessage(["reject", 2147483647, { capnweb: { features: [["calls"]] } }]);
    await vi.waitFor(() => expect(seen.some((each) => each.includes("goaway"))).toBe(true));
    port1.close();
  });
});

describe("rolling restarts", () => {
  test("of servers under load fail no call of clients that follow", async () => {
    let current = await serve();
    const clients = Array.from({ length: 8 }, () => new FollowingClient(() => current.ws));
    const failed: unknown[] = [];
    let answered = 0;
    let isOver = false;
    onTestFinished(() => {
      isOver = true;
    });
    const load = clients.map(async (client, i) => {
      while (!isOver) {
        try {
          await client.call("wait", (i * 7) % 20);
          answered++;
        } catch (error) {
          failed.push(error);
          return;
        }
      }
    });
    for (let restart = 0; restart < 3; restart++) {
      const old = current;
      await vi.waitFor(() => expect(old.host.size).toBe(8));
      current = await serve();
      const report = await old.host.drain({ deadline: 60_000 });
      expect(failed).toEqual([]);
      expect(report).toMatchObject({ sessions: 8, left: 8, closed: 0, cut: 0 });
      old.server.close();
    }
    isOver = true;
    await Promise.all(load);
    expect(failed).toEqual([]);
    expect(answered).toBeGreaterThan(24);
    await Promise.all(clients.map((client) => client.close()));
  });

  test.each<[false | object]>([[false], [{}]])(
    "fail no call of clients of @capnweb/reconnect, with resume: %o",
    async (resume) => {
      let current = await serve({ resume });
      const clients = Array.from({ length: 6 }, () =>
        connect<any>({
          open: () => new WebSocketPushTransport(new WebSocket(current.ws)),
          resume: resume && {},
          // They move soon, and have a long time for it on a busy machine.
          random: () => Math.random() * 0.02,
        }),
      );
      const failed: unknown[] = [];
      let answered = 0;
      let isOver = false;
      onTestFinished(() => {
        isOver = true;
        for (const client of clients) client.close();
      });
      const load = clients.map(async ({ api }, i) => {
        while (!isOver) {
          try {
            await (api as any).wait((i * 7) % 20);
            answered++;
          } catch (error) {
            failed.push(error);
            return;
          }
        }
      });
      for (let restart = 0; restart < 2; restart++) {
        const old = current;
        await vi.waitFor(() => expect([...old.host.sessions]).toHaveLength(6));
        current = await serve({ resume });
        const report = await old.host.drain({ deadline: 60_000 });
        expect(failed).toEqual([]);
        expect(report).toMatchObject({ left: 6, closed: 0, cut: 0, cutCalls: 0 });
        old.server.close();
      }
      isOver = true;
      await Promise.all(load);
      expect(failed).toEqual([]);
      expect(answered).toBeGreaterThan(24);
    },
  );
});
