import { startSession } from "@capnweb/core";
import { ResumingTransport } from "@capnweb/resume";
import { WebSocketPushTransport } from "@capnweb/transport-ws";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { WebSocket } from "ws";
import type { HostOptions } from "../src/index.ts";
import { broken, serve as serveHost } from "./support.ts";

const byToken: HostOptions["authorize"] = ({ headers }) => {
  const token = headers.get("authorization");
  return token ? { context: token, identity: token } : { status: 401, reason: "Log in first." };
};

/** A host whose sessions outlive their connections, and its clients. */
async function serve(options: Partial<HostOptions> = {}) {
  const served = await serveHost({ resume: { window: 20_000 }, ...options });
  const connect = (headers: Record<string, string> = {}) => {
    const sockets: WebSocket[] = [];
    const goaways: unknown[] = [];
    const transport = new ResumingTransport(
      () => {
        const socket = new WebSocket(served.ws, { headers });
        sockets.push(socket);
        return new WebSocketPushTransport(socket);
      },
      { backoff: { min: 10, max: 50 }, onGoaway: (goaway) => goaways.push(goaway) },
    );
    const api = startSession<any>(transport) as any;
    onTestFinished(() => api[Symbol.dispose]());
    return { api, transport, sockets, goaways, headers, cut: () => sockets.at(-1)!.terminate() };
  };
  return { ...served, connect };
}

describe("a host with resume", () => {
  test("keeps a session and its calls across connections, under the same entry", async () => {
    const onOpen = vi.fn();
    const onEnd = vi.fn();
    const { host, connect } = await serve({ onOpen, onEnd });
    const { api, cut, transport } = connect();
    await api.add(1, 2);
    const [session] = host.sessions;
    const call = api.wait(300);
    cut();
    expect(await call).toBe("waited");
    expect(await api.add(1, 2)).toBe(3);
    expect([...host.sessions]).toEqual([session]);
    expect(session!.state).toBe("open");
    expect(transport.state).toBe("open");
    expect([onOpen.mock.calls.length, onEnd.mock.calls.length]).toEqual([1, 0]);
    await vi.waitFor(() => expect(host.size).toBe(1));
    api[Symbol.dispose]();
    await vi.waitFor(() => expect([...host.sessions]).toEqual([]));
    expect(onEnd).toHaveBeenCalledTimes(1);
  });

  test("asks authorize again, and lets only the same identity resume", async () => {
    const authorize = vi.fn(byToken);
    const { connect, host } = await serve({ authorize });
    const headers = { authorization: "ada" };
    const { api, cut } = connect(headers);
    expect(await api.whoAmI()).toBe("ada");
    cut();
    expect(await api.whoAmI()).toBe("ada");
    expect(authorize).toHaveBeenCalledTimes(2);
    const reason = broken(api);
    headers.authorization = "eve";
    cut();
    expect(await reason).toMatchObject({ code: "RESUME_REFUSED" });
    expect([...host.sessions].map(({ identity, state }) => [identity, state])).toEqual([
      ["ada", "detached"],
    ]);
  });

  test("serves clients that don't resume", async () => {
    const { open, host } = await serve();
    const api = open();
    expect(await api.add(1, 2)).toBe(3);
    api[Symbol.dispose]();
    await vi.waitFor(() => expect([...host.sessions]).toEqual([]));
  });

  test("shows detached sessions, and gives the oldest of an address up for newer ones", async () => {
    const { connect, host } = await serve({ resume: { maxDetachedPerGroup: 2 } });
    const clients = [];
    for (let i = 0; i < 3; i++) {
      const client = connect();
      await client.api.add(1, 2);
      clients.push(client);
    }
    const ids = [...host.sessions].map(({ id }) => id);
    // No client comes back.
    for (const { sockets } of clients) {
      sockets.at(-1)!.removeAllListeners();
      sockets.at(-1)!.terminate();
      await vi.waitFor(() => expect(sockets.at(-1)!.readyState).toBe(3));
      await vi.waitFor(() => expect(host.health().detached).toBeGreaterThan(0));
    }
    await vi.waitFor(() => expect([...host.sessions].map(({ id }) => id)).toEqual(ids.slice(1)));
    expect(host.health()).toMatchObject({ sessions: 2, detached: 2 });
    const { detached, sessions } = await host.drain({ deadline: 100 });
    expect({ detached, sessions }).toEqual({ detached: 2, sessions: 0 });
  });

  test("asks clients to leave, and ends those that stay with a reason they can read", async () => {
    const { connect, host } = await serve();
    const { api, goaways } = connect();
    await api.add(1, 2);
    const reason = broken(api);
    const drained = host.drain({ deadline: 2_000 });
    await vi.waitFor(() => expect(goaways).toHaveLength(1));
    const [{ deadline }] = goaways as [{ deadline: number }];
    expect(deadline).toBeGreaterThan(0);
    expect(deadline).toBeLessThanOrEqual(1_500);
    expect(await reason).toMatchObject({ code: "GOING_AWAY" });
    expect(await drained).toMatchObject({ sessions: 1, closed: 1, cut: 0 });
  });
});
