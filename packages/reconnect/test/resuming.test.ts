import { ResumeAcceptor } from "@capnweb/resume";
import { describe, expect, test, vi } from "vitest";
import { setUp } from "./support/api.ts";
import { nextState } from "./support/network.ts";

const setUpResuming = () => setUp({}, new ResumeAcceptor());

describe("with a server that resumes", () => {
  test("calls under way, and capabilities in results, notice nothing of an outage", async () => {
    const { api, network, server, connection, states, log } = setUpResuming();
    const room = await api.room("x");
    const { epoch } = connection;
    const call = Promise.resolve(api.idle());
    await vi.waitFor(() => expect(log).toContain("idle"));
    network.cut();
    expect(connection.state).toBe("interrupted");
    await nextState(connection, "open");
    server.wake();
    expect(await call).toBe("woken");
    expect(await room.say("hi")).toBe(2);
    expect(states).toEqual(["open", "interrupted", "open (resumed)"]);
    expect(connection.epoch).toBe(epoch);
    expect(network.sessions).toHaveLength(1);
  });

  test("calls wait during an outage, in order, and kept stubs aren't derived again", async () => {
    const { network, connection, log, states } = setUpResuming();
    const room = connection.keep((api) => api.room("42"));
    await room.say("one");
    network.cut({ stays: "down" });
    const calls = [room.say("two"), room.say("three")];
    const later = connection.keep((api) => api.room("43"));
    calls.push(later.say("four"));
    expect(connection.waiting).toBe(3);
    network.isUp = true;
    connection.check();
    await Promise.all(calls);
    expect(log).toEqual(["room 42", "42: one", "42: two", "42: three", "room 43", "43: four"]);
    expect(states).toEqual(["open", "interrupted", "open (resumed)"]);
  });

  test("a session that the server gave up is restored, without calls that ran twice", async () => {
    const { api, network, connection, log, states } = setUpResuming();
    const room = connection.keep((api) => api.room("42"));
    await room.say("one");
    const call = Promise.resolve(api.idle());
    const failure = expect(call).rejects.toMatchObject({ execution: "maybe" });
    await vi.waitFor(() => expect(log).toContain("idle"));
    network.acceptor = new ResumeAcceptor();
    network.cut();
    await failure;
    expect(await room.say("two")).toBe(3);
    expect(log).toEqual(["room 42", "42: one", "idle", "room 42", "42: two"]);
    expect(states).toEqual(["open", "interrupted", "open (restored)"]);
  });

  test("calls that the transport kept back never ran, and are made again after a restore", async () => {
    const { network, connection, log } = setUpResuming();
    await connection.ready();
    const results = await connection.api.room("x");
    network.cut({ stays: "down" });
    // Not on a stub that follows the connection: it goes to the transport, which has no line.
    const call = Promise.resolve(results.say("lost"));
    const failure = expect(call).rejects.toMatchObject({ execution: "never" });
    network.acceptor = new ResumeAcceptor();
    network.isUp = true;
    connection.check();
    await failure;
    expect(log).toEqual(["room x"]);
  });
});
