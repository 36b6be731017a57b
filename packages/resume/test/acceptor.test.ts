import { RpcSession, RpcTarget } from "@capnweb/core";
import { type AcceptedTransport, ResumeAcceptor } from "@capnweb/resume";
import { describe, expect, it } from "vitest";
import { Network, until } from "./network.ts";
import { RawClient, secret } from "./raw-client.ts";
import { TestClock } from "./test-clock.ts";

class Api extends RpcTarget {
  #tell: ((what: string) => unknown) | undefined;
  isGone = false;

  note(what: unknown) {
    return what;
  }

  subscribe(tell: any) {
    this.#tell = tell.dup();
  }

  tell(what: string) {
    void this.#tell?.(what);
  }

  [Symbol.dispose]() {
    this.isGone = true;
  }
}

/** Connects and leaves without a word, as a client does that loses its network. */
async function visit(network: Network, name: number): Promise<void> {
  const client = new RawClient(network);
  client.control({
    resume: { secret: String(name).padStart(43, "s"), generation: 0, received: 0 },
  });
  await client.nextControl();
  client.link.cut();
}

describe("sessions without a connection", () => {
  it("are bounded by number: the one that has waited longest is evicted", async () => {
    const expired: [number, string][] = [];
    const mains: Api[] = [];
    const network: Network = new Network(
      () => {
        mains.push(new Api());
        return mains.at(-1);
      },
      {
        maxDetached: 3,
        onExpire: (session, reason) => expired.push([network.indexOf(session), reason]),
      },
    );
    for (let i = 0; i < 5; i++) await visit(network, i);
    await until(() => network.acceptor.detached === 3 && expired.length === 2);
    expect(expired).toEqual([
      [0, "evicted"],
      [1, "evicted"],
    ]);
    expect(mains.map(({ isGone }) => isGone)).toEqual([true, true, false, false, false]);
    const late = new RawClient(network);
    late.control({
      resume: { secret: "0".padStart(43, "s"), generation: 1, received: 0, next: secret("z") },
    });
    expect(await late.nextControl()).toHaveProperty("fresh");
  });

  it("are bounded in number: those of the group with the most are evicted", async () => {
    const evicted: (string | undefined)[] = [];
    const network = new Network(() => new Api(), {
      maxDetached: 10,
      onExpire: ({ info }) => evicted.push(info.group),
    });
    const groups = ["ada", "ben", undefined, "eve"];
    for (let i = 0; i < 30; i++) groups.push(`attacker ${i % 3}`);
    for (const [i, group] of groups.entries()) {
      network.info = { group };
      await visit(network, i);
    }
    await until(() => network.acceptor.detached + evicted.length === groups.length);
    expect(network.acceptor.detached).toBe(10);
    expect(new Set(evicted)).toEqual(new Set(["attacker 0", "attacker 1", "attacker 2"]));
    // With groups of the same size, the session that has waited longest is evicted.
    evicted.length = 0;
    for (let i = 0; i < 11; i++) {
      network.info = { group: `user ${i}` };
      await visit(network, 100 + i);
    }
    await until(() => evicted.length === 11);
    expect(evicted.slice(3, 7)).toEqual(["ada", "ben", undefined, "eve"]);
  });

  it("are bounded by bytes: those of the group with the most are evicted", async () => {
    const evicted: (string | undefined)[] = [];
    const bytes: number[] = [];
    const network: Network = new Network(() => new Api(), {
      maxDetachedBytes: 20_000,
      onExpire({ info }) {
        evicted.push(info.group);
        bytes.push(network.acceptor.detachedBytes);
      },
    });
    const leave = async (name: number, group: string | undefined, length: number) => {
      network.info = { group };
      const client = new RawClient(network);
      client.control({
        resume: { secret: String(name).padStart(43, "s"), generation: 0, received: 0 },
      });
      await client.nextControl();
      client.send(["push", ["pipeline", 0, ["note"], ["x".repeat(length)]]]);
      client.send(["pull", 1]);
      await client.next();
      client.link.cut();
    };
    await leave(0, "victim", 4_000);
    await leave(1, undefined, 3_000);
    for (let i = 2; i < 20; i++) await leave(i, "attacker", 1_000);
    await until(() => network.acceptor.detached + evicted.length === 20);
    expect(network.acceptor.detachedBytes).toBeLessThanOrEqual(20_000);
    // Room is made for several messages, because it takes a look at all sessions.
    expect(Math.min(...bytes)).toBeLessThanOrEqual(18_000);
    expect(new Set(evicted)).toEqual(new Set(["attacker"]));
  });

  it("are bounded by bytes: the one with the most is evicted", async () => {
    const reasons: string[] = [];
    const network = new Network(() => new Api(), {
      maxDetachedBytes: 10_000,
      onExpire: (_, reason) => reasons.push(reason),
    });
    const mains: Api[] = [];
    const connect = async () => {
      const main = new Api();
      mains.push(main);
      const { api } = network.connect({ backoff: { min: 100_000 } }, main);
      await api.note(1);
      await network.sessions.at(-1)!.getRemoteMain().note(1);
      return api;
    };
    const apis = [await connect(), await connect(), await connect()];
    network.isDown = true;
    for (const link of network.links) link.cut();
    await until(() => network.acceptor.detached === 3);
    const call = (i: number, length: number) =>
      network.sessions[i]!.getRemoteMain().note("x".repeat(length));
    const small = call(0, 2_000);
    const large = call(1, 6_000).catch((error: Error) => error);
    const middle = call(2, 4_000);
    const error: any = await large;
    expect(error.code).toBe("RESUME_EVICTED");
    expect(reasons).toEqual(["evicted"]);
    expect(network.acceptor.detached).toBe(2);
    expect(network.acceptor.detachedBytes).toBeLessThan(10_000);
    small.catch(() => {});
    middle.catch(() => {});
    network.acceptor.dispose();
    for (const api of apis) api[Symbol.dispose]();
  });

  it("stay within the budget, ten thousand of them", async () => {
    const clock = new TestClock();
    const network = new Network(() => new Api(), { clock, maxDetached: 10_000 });
    const clients: RawClient[] = [];
    for (let i = 0; i < 10_100; i++) {
      const client = new RawClient(network);
      clients.push(client);
      client.control({
        resume: { secret: String(i).padStart(43, "s"), generation: 0, received: 0 },
      });
      if (i % 100 === 99) await client.nextControl();
    }
    await until(() => network.sessions.length === 10_100);
    const timers = clock.timers;
    for (const { link } of clients) link.cut();
    expect(network.acceptor.detached).toBe(10_000);
    // One timer serves all of them.
    expect(clock.timers).toBeLessThanOrEqual(timers + 1);
    clock.advance(120_000);
    expect(network.acceptor.detached).toBe(0);
  });

  it("end when the acceptor is disposed of, which keeps none from then on", async () => {
    const network = new Network(() => new Api());
    await visit(network, 1);
    await until(() => network.acceptor.detached === 1);
    const { api } = network.connect<Api>();
    await api.note(1);
    network.acceptor.dispose();
    expect(network.acceptor.detached).toBe(0);
    expect(network.accepted.map(({ transport }) => transport.state)).toEqual(["closed", "open"]);
    network.link.cut();
    expect(network.accepted[1]!.transport.state).toBe("closed");
  });

  it("expire once, however the clock jumps", async () => {
    const clock = new TestClock();
    const expired: string[] = [];
    const network = new Network(() => new Api(), {
      clock,
      onExpire: (_, reason) => expired.push(reason),
    });
    await visit(network, 1);
    await until(() => network.acceptor.detached === 1);
    // A clock that is set back keeps the session longer, and loses nothing.
    clock.jump(-60_000);
    clock.advance(60_000);
    expect(network.acceptor.detached).toBe(1);
    await visit(network, 2);
    await until(() => network.acceptor.detached === 2);
    // The machine slept for a day.
    clock.jump(86_400_000);
    clock.advance(0);
    expect(network.acceptor.detached).toBe(0);
    clock.advance(240_000);
    expect(expired).toEqual(["expired", "expired"]);
    expect(clock.timers).toBe(0);
  });
});

it("tells the application of each change", async () => {
  const said: string[] = [];
  const note = (what: string) => (session: AcceptedTransport) =>
    said.push(`${what}: ${session.state}, ${session.resumptions}`);
  const network = new Network(() => new Api(), {
    onDetach: note("detached"),
    onResume: note("resumed"),
    onExpire: note("expired"),
  });
  const { api } = network.connect<Api>();
  await api.note(1);
  network.link.cut();
  await api.note(2);
  expect(said).toEqual(["detached: detached, 0", "resumed: open, 1"]);
});

it("delivers the last words of a session that ended while its client was away", async () => {
  const main = new Api();
  const network = new Network(() => main);
  const { api, transport } = network.connect<Api>();
  await api.note(1);
  const heard: string[] = [];
  await api.subscribe((what: string) => heard.push(what));
  network.isDown = true;
  network.link.cut();
  await until(() => network.acceptor.detached === 1);
  main.tell("goodbye");
  await Promise.resolve();
  network.sessions[0]!.getRemoteMain()[Symbol.dispose]();
  expect(network.accepted[0]!.transport.state).toBe("closed");
  network.isDown = false;
  transport.interrupt();
  await until(() => transport.state === "closed");
  expect(heard).toEqual(["goodbye"]);
  expect(network.acceptor.detached).toBe(0);
});

it("tells the server that a client left while it was away", async () => {
  const main = new Api();
  const network = new Network(() => main);
  const { api, transport } = network.connect<Api>();
  await api.note(1);
  network.isDown = true;
  network.link.cut();
  await until(() => network.acceptor.detached === 1);
  api[Symbol.dispose]();
  expect(transport.state).toBe("closed");
  expect(main.isGone).toBe(false);
  network.isDown = false;
  await until(() => main.isGone);
  expect(network.acceptor.detached).toBe(0);
});

describe("goaway", () => {
  it("reaches the other side, now or when it comes back", async () => {
    const heard: unknown[] = [];
    const atServer: unknown[] = [];
    const network = new Network(() => new Api(), {
      onGoaway: (_, goaway) => atServer.push(goaway),
    });
    const { api, transport } = network.connect<Api>({ onGoaway: (goaway) => heard.push(goaway) });
    await api.note(1);
    const [{ transport: accepted }] = network.accepted as [any];
    accepted.goaway({ deadline: 5_000 });
    await until(() => heard.length === 1);
    network.isDown = true;
    network.link.cut();
    await until(() => accepted.state === "detached");
    accepted.goaway({ deadline: 3_000 });
    transport.goaway({ deadline: 1 });
    network.isDown = false;
    transport.interrupt();
    await until(() => heard.length === 2 && atServer.length === 1);
    expect(heard).toEqual([{ deadline: 5_000 }, { deadline: 3_000 }]);
    expect(atServer).toEqual([{ deadline: 1 }]);
    expect(await api.note(2)).toBe(2);
  });

  it("reaches a peer that doesn't know resume as a message that it ignores", async () => {
    const network = new Network(() => new Api());
    const messages: string[] = [];
    const client = new RawClient(network);
    const session = new RpcSession<any>(client.link.client as any, undefined, {
      onMessage: (direction, message) => {
        if (direction === "in") messages.push(message as string);
      },
    });
    const api = session.getRemoteMain();
    await api.note(1);
    network.accepted[0]!.transport.goaway({ deadline: 7 });
    expect(await api.note(2)).toBe(2);
    expect(messages).toContain('["reject",2147483647,{"capnweb":{"goaway":{"deadline":7}}}]');
  });
});

describe("in place", () => {
  it("tells a client that its session was lost under a living connection", async () => {
    const clientSide = new Network(() => new Api());
    const changes: any[] = [];
    const { api, transport } = clientSide.connect<Api>({
      onStateChange: (each) => changes.push(each),
    });
    expect(await api.note(1)).toBe(1);
    const { attachment } = clientSide.accepted[0]!.transport;
    const stored = JSON.parse(JSON.stringify(attachment));
    expect(stored).toEqual({ resumes: true });
    // The process forgets everything except the connection and its attachment.
    const woken = new ResumeAcceptor<string>({ epoch: "woken" });
    const { server } = clientSide.link;
    const again = {
      start: (receiver: any) => {
        (server as any).start(receiver);
      },
      send: (message: unknown) => server.send(message),
      abort: (reason: unknown) => server.abort(reason),
    };
    const accepting = woken.accept(again, { attachment: stored });
    const lost = api.note(2).catch((error: any) => error.code);
    expect(await lost).toBe("RESUME_FRESH");
    expect(changes.at(-1)).toMatchObject({ state: "closed", outcome: "fresh", epoch: "woken" });
    const successor = transport.successor();
    const next = new RpcSession<any>(successor);
    const { kind, transport: accepted } = await accepting;
    expect(kind).toBe("new");
    new RpcSession(accepted, new Api(), { announce: "reply" });
    expect(await next.getRemoteMain().note(3)).toBe(3);
    expect(clientSide.links.length).toBe(1);
    expect(successor.epoch).toBe("woken");
    // The new session resumes like any other.
    clientSide.accept = async (each) => void (await woken.accept(each));
    clientSide.link.cut();
    expect(await next.getRemoteMain().note(4)).toBe(4);
    expect(accepted.resumptions).toBe(1);
  });

  it("closes the connection of a client that can't be told", async () => {
    const network = new Network(() => new Api());
    const client = new RawClient(network, { attachment: { resumes: false } });
    await client.closed();
    expect(network.refusals[0]).toMatchObject({ code: "RESUME_FRESH" });
  });

  it("begins at once with a client whose first message woke it", async () => {
    const network = new Network(() => new Api());
    const client = new RawClient(network, { attachment: { resumes: true } });
    client.control({ resume: { secret: secret("a"), generation: 0, received: 0 } });
    expect(await client.nextControl()).toHaveProperty("resume");
    await until(() => network.accepted[0]?.kind === "new");
  });

  it("gives up a client that starts no new session", async () => {
    const clock = new TestClock();
    const network = new Network(() => new Api(), { clock });
    const client = new RawClient(network, { attachment: { resumes: true } });
    client.send(["push", 1]);
    expect(await client.nextControl()).toHaveProperty("fresh");
    for (let i = 0; i < 100; i++) client.send(["push", i]);
    clock.advance(5_000);
    await client.closed();
    await until(() => network.refusals.length === 1);
  });
});
