import { ResumeAcceptor } from "@capnweb/resume";
import { createMemoryLink } from "@capnweb/testkit";
import { describe, expect, test, vi } from "vitest";
import { setUp } from "./support/api.ts";
import { FakeClock, settle } from "./support/fake-clock.ts";
import { type Network, nextState } from "./support/network.ts";

const GOAWAY_SOON = '["reject",2147483647,{"capnweb":{"goaway":{"deadline":10}}}]';
const GOAWAY = '["reject",2147483647,{"capnweb":{"goaway":{"deadline":1000}}}]';

/** Lets time pass until the client has left its first session. Resuming hashes in other threads. */
async function leavesFirst(network: Network, clock: FakeClock): Promise<void> {
  await vi.waitFor(async () => {
    await clock.run(100);
    expect(network.sessions[0]!.signal.aborted).toBe(true);
  });
}

describe("a peer that asks to be left", () => {
  test.each([
    ["over a plain connection", false],
    ["over one that resumes", true],
  ])(
    "%s: a new session takes new calls, and calls under way finish on the old one",
    async (_, resumes) => {
      const clock = new FakeClock();
      const { network, api, connection, server, log, states } = setUp({ clock, random: () => 0.5 });
      if (resumes) network.acceptor = new ResumeAcceptor({ clock });
      await settle();
      const room = connection.keep((api) => api.room("42"));
      await room.say("one");
      const call = Promise.resolve(api.idle());
      await settle();
      expect(log).toContain("idle");
      const { link } = network;
      link.server.send(GOAWAY);
      await clock.run(249);
      expect(network.attempts).toBe(1);
      const moved = nextState(connection, "open");
      await clock.run(1);
      expect(network.attempts).toBe(2);
      await moved;
      expect(await api.echo("new")).toBe("new");
      expect(await room.say("two")).toBe(3);
      // The old session is there as long as a call is under way.
      expect(network.sessions[0]!.signal.aborted).toBe(false);
      server.wake();
      expect(await call).toBe("woken");
      await leavesFirst(network, clock);
      expect(states).toEqual(["open", "open (restored)"]);
      expect(log).toEqual(["room 42", "42: one", "idle", "room 42", "echo new", "42: two"]);
    },
  );

  test.each([
    ["over a plain connection", false],
    ["over one that resumes", true],
  ])("%s: answers calls that are awaited only after the move", async (_, resumes) => {
    const clock = new FakeClock();
    const { network, api, connection, server } = setUp({ clock, random: () => 0.5 });
    if (resumes) network.acceptor = new ResumeAcceptor({ clock });
    await settle();
    const idle = api.idle();
    const echo = api.echo("before");
    const failure = api.fail();
    const room = api.room("42");
    const said = room.say("hello");
    await settle();
    const moved = nextState(connection, "open");
    network.link.server.send(GOAWAY);
    await clock.run(250);
    await moved;
    await clock.run(500);
    expect(network.sessions[0]!.signal.aborted).toBe(false);
    server.wake();
    await leavesFirst(network, clock);
    expect(await idle).toBe("woken");
    expect(await echo).toBe("before");
    expect(await said).toBe(5);
    await expect(Promise.resolve(failure)).rejects.toThrow(RangeError);
  });

  test("is left long after its deadline, whatever is under way", async () => {
    const clock = new FakeClock();
    const { network, api } = setUp({ clock, random: () => 0 });
    await settle();
    const call = Promise.resolve(api.idle());
    const failure = expect(call).rejects.toMatchObject({ execution: "maybe" });
    await settle();
    network.link.server.send(GOAWAY);
    await clock.run(2100);
    await failure;
    await vi.waitFor(() => expect(network.sessions[0]!.signal.aborted).toBe(true));
    expect(await api.echo(1)).toBe(1);
  });

  test("can't have a client open one connection after another without delays", async () => {
    const clock = new FakeClock();
    const backoff = { min: 100, max: 1000 };
    const { network, connection } = setUp({ clock, random: () => 0.5, resume: false, backoff });
    connection.addEventListener("statechange", () => network.link.server.send(GOAWAY_SOON));
    await clock.run(5000);
    expect(network.attempts).toBeGreaterThan(5);
    expect(network.attempts).toBeLessThan(20);
  });

  test("can't hide from the client that the next server is dead", async () => {
    const clock = new FakeClock();
    const first = createMemoryLink();
    let opened = 0;
    const { network, api, states } = setUp({
      clock,
      random: () => 0.5,
      resume: false,
      health: { interval: 100, timeout: 1000 },
      open: () => (opened++ === 0 ? first.client : network.open()),
    });
    // Answers the first probe and nothing after it, but never stops talking.
    let hasAnswered = false;
    first.server.start({
      receive(frame) {
        const id = /\["pull",(\d+)\]/.exec(frame as string)?.[1];
        if (id === undefined || hasAnswered) return;
        hasAnswered = true;
        first.server.send(`["resolve",${id},1]`);
      },
      close() {},
    });
    await clock.run(0);
    const talk = () => {
      first.server.send('["reject",2147483647,{"capnweb":{"goaway":{"deadline":10000}}}]');
      clock.after(400, talk);
    };
    talk();
    api.idle().catch(() => {});
    await clock.run(2500);
    expect(opened).toBe(2);
    network.link.stall();
    await clock.run(1500);
    expect(opened).toBe(3);
    expect(states).toEqual(["open", "open (restored)", "interrupted", "open (restored)"]);
  });

  test("changes nothing if the connection is lost first", async () => {
    const clock = new FakeClock();
    const { network, api, states } = setUp({ clock, random: () => 1, resume: false });
    await settle();
    network.link.server.send(GOAWAY);
    await settle();
    network.cut();
    await clock.run(2000);
    expect(await api.echo(1)).toBe(1);
    expect(states).toEqual(["open", "interrupted", "open (restored)"]);
    expect(network.attempts).toBe(2);
  });
});
