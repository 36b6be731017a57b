import { getEventListeners } from "node:events";
import { ResumeAcceptor } from "@capnweb/resume";
import { expect, test } from "vitest";
import { setUp } from "./support/api.ts";
import { FakeClock } from "./support/fake-clock.ts";
import { nextState } from "./support/network.ts";

/** The number of outages. */
const OUTAGES = Number(process.env.OUTAGES ?? 100);

const GOAWAY = '["reject",2147483647,{"capnweb":{"goaway":{"deadline":0}}}]';

test.each([
  ["that resume", true, false],
  ["that restore", false, false],
  ["of a server that asks to be left", false, true],
])(
  "outages %s leave nothing behind",
  async (_, resumes, drains) => {
    const clock = new FakeClock();
    const { signal } = new AbortController();
    const acceptor = resumes ? new ResumeAcceptor() : undefined;
    const { api, connection, network } = setUp({ clock, signal }, acceptor);
    const room = connection.keep((main) => main.room("42"));
    const counts = () => ({
      ...network.sessions.at(-1)!.getStats(),
      timers: clock.delays.length,
      listeners: getEventListeners(signal, "abort").length,
      stateListeners: getEventListeners(connection, "statechange").length,
      waiting: connection.waiting,
      underWay: connection.underWay,
      open: network.sessions.filter((session) => !session.signal.aborted).length,
    });
    const outage = async () => {
      const opened = nextState(connection, "open");
      if (drains) network.link.server.send(GOAWAY);
      else network.cut();
      // The sessions that are left are looked at twice, and connections are tried again at once.
      await clock.run(100);
      await opened;
      expect(await room.say("x")).toBe(1);
      expect(await api.echo(1)).toBe(1);
      await clock.run(1);
    };
    await connection.ready();
    for (let i = 0; i < 10; i++) await outage();
    const before = counts();
    for (let i = 0; i < OUTAGES; i++) {
      // A history without ends that matter would make the test slow.
      if (network.sessions.length > 50) network.sessions.splice(0, network.sessions.length - 25);
      network.links.splice(0, network.links.length - 2);
      await outage();
    }
    expect(counts()).toEqual(before);
    connection.close();
    await clock.run(1);
    expect(clock.delays).toEqual([]);
    expect(getEventListeners(signal, "abort")).toEqual([]);
  },
  600_000,
);
