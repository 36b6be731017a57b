import { callOptions } from "@capnweb/core";
import { assertNoLeaks } from "@capnweb/testkit";
import { describe, expect, test, vi } from "vitest";
import { ConnectionClosedError, ConnectionError, OfflineError } from "../src/index.ts";
import { setUp } from "./support/api.ts";

describe("a connection", () => {
  test("makes calls that were made before it was open", async () => {
    const { api, connection, states } = setUp();
    expect(connection.state).toBe("connecting");
    expect(await api.echo(1)).toBe(1);
    expect(connection.state).toBe("open");
    expect(states).toEqual(["open"]);
  });

  test("pipelines, maps, and passes callbacks through the stub", async () => {
    const { api } = setUp();
    expect(await api.room("x").say("hello")).toBe(5);
    expect(await api.names().map((name) => api.echo(name))).toEqual(["a", "b"]);
    expect(await api.call((value) => value + 1)).toBe(2);
    await expect(api.fail()).rejects.toThrow(new RangeError("no"));
  });

  test("is restored, with two notifications, and the same stub works on", async () => {
    const { api, network, connection, states } = setUp();
    await api.echo(1);
    const { epoch } = connection;
    network.cut();
    expect(connection.state).toBe("interrupted");
    expect(await api.echo(2)).toBe(2);
    expect(states).toEqual(["open", "interrupted", "open (restored)"]);
    expect(connection.epoch).not.toBe(epoch);
  });

  test("has calls wait in order while it is offline", async () => {
    const { api, network, log, connection } = setUp();
    await connection.ready();
    network.cut({ stays: "down" });
    const calls = [1, 2, 3].map((n) => api.echo(n));
    expect(connection.waiting).toBe(3);
    network.isUp = true;
    expect(await Promise.all(calls)).toEqual([1, 2, 3]);
    expect(log).toEqual(["echo 1", "echo 2", "echo 3"]);
  });

  test("tells that a call under way may have run, and doesn't repeat it", async () => {
    const { api, network, log, connection } = setUp();
    await connection.ready();
    const call = api.idle();
    const failure = expect(call).rejects.toMatchObject({
      code: "CONNECTION_LOST",
      execution: "maybe",
    });
    await vi.waitFor(() => expect(log).toEqual(["idle"]));
    network.cut();
    await failure;
    await api.echo(1);
    expect(log).toEqual(["idle", "echo 1"]);
  });

  test("repeats an idempotent call once", async () => {
    const { api, network, log, connection } = setUp();
    await connection.ready();
    const call = Promise.resolve(callOptions(api, { idempotent: true }).idle());
    const failure = expect(call).rejects.toMatchObject({ execution: "maybe" });
    for (const calls of [1, 2]) {
      await vi.waitFor(() => expect(log).toHaveLength(calls));
      network.cut();
    }
    await failure;
    expect(log).toEqual(["idle", "idle"]);
  });

  test("repeats an idempotent chain of calls, of which only the last is awaited", async () => {
    const { api, network, log, server, connection } = setUp();
    await connection.ready();
    const result = Promise.resolve(callOptions(api, { idempotent: true }).room("x").idle());
    await vi.waitFor(() => expect(log).toHaveLength(2));
    network.cut();
    await vi.waitFor(() => expect(log).toHaveLength(4));
    server.wake();
    expect(await result).toBe("woken");
    expect(log).toEqual(["room x", "idle", "room x", "idle"]);
  });

  test("makes a call again that never left", async () => {
    const { api, network, log } = setUp();
    await api.echo(1);
    // Both sides have announced themselves, so the call is kept back until the turn is over.
    const call = api.echo(2);
    const chained = api.room("y").say("hi");
    network.cut();
    expect(await call).toBe(2);
    expect(await chained).toBe(2);
    expect(log).toEqual(["echo 1", "echo 2", "room y", "y: hi"]);
  });

  test("tells that calls on capabilities of a lost session never ran", async () => {
    const { api, network, connection } = setUp();
    const room = await api.room("x");
    network.cut();
    await expect(room.say("hi")).rejects.toMatchObject({ execution: "never" });
    await connection.ready();
    await expect(room.say("hi")).rejects.toBeInstanceOf(ConnectionError);
  });

  test("refuses calls over the limits of waiting", async () => {
    const { api, network, connection } = setUp({ offline: { max: 2, maxAge: 20 } });
    await connection.ready();
    network.cut({ stays: "down" });
    const calls = [api.echo(1), api.echo(2), api.echo(3)];
    await expect(calls[2]).rejects.toMatchObject({ code: "OFFLINE", execution: "never" });
    await expect(calls[0]).rejects.toBeInstanceOf(OfflineError);
    await expect(calls[0]).rejects.toThrow(/offline\.maxAge allows\. The last failure: \S+/);
    await expect(calls[1]).rejects.toBeInstanceOf(OfflineError);
    expect(connection.waiting).toBe(0);
  });
});

describe("a kept stub", () => {
  test("is derived again, and behaves as the object", async () => {
    const { network, log, connection } = setUp();
    const room = connection.keep((api) => api.room("42"));
    expect(await room.say("one")).toBe(3);
    network.cut();
    expect(await room.say("two")).toBe(3);
    expect(await room.members().map((name) => name)).toEqual(["ada", "ben"]);
    expect(log).toEqual(["room 42", "42: one", "room 42", "42: two"]);
  });

  test("may be derived asynchronously, and from a property", async () => {
    const { network, connection } = setUp();
    const room = connection.keep(async (api) => {
      await api.echo("login");
      return api.room("42");
    });
    expect(await room.say("one")).toBe(3);
    network.cut();
    expect(await room.say("two")).toBe(3);
  });

  test("is broken once its derivation fails, and not when a session ends", async () => {
    let isAllowed = true;
    const { network, connection } = setUp();
    const room = connection.keep((api) => {
      if (!isAllowed) return api.fail() as never;
      return api.room("42");
    });
    const broken = vi.fn();
    room.onRpcBroken(broken);
    await room.say("one");
    network.cut();
    await room.say("two");
    expect(broken).not.toHaveBeenCalled();
    isAllowed = false;
    network.cut();
    await expect(room.say("three")).rejects.toThrow("no");
    expect(broken).toHaveBeenCalledOnce();
    await expect(room.say("four")).rejects.toMatchObject({
      code: "DERIVATION",
      execution: "never",
    });
  });

  test("isn't derived any more once it was disposed of, and leaves nothing behind", async () => {
    const { network, log, connection, api } = setUp();
    const room = connection.keep((api) => api.room("42"));
    await room.say("one");
    room[Symbol.dispose]();
    await assertNoLeaks([network.sessions[0]!]);
    network.cut();
    await api.echo(1);
    expect(log).toEqual(["room 42", "42: one", "echo 1"]);
  });
});

describe("closing a connection", () => {
  test("fails the calls that wait, those under way, and later ones", async () => {
    const { network, connection, api, states } = setUp();
    await connection.ready();
    const underWay = api.idle();
    const failure = expect(underWay).rejects.toBeInstanceOf(ConnectionClosedError);
    connection.close(new Error("bye"));
    await failure;
    await expect(api.echo(1)).rejects.toMatchObject({ code: "CONNECTION_CLOSED" });
    expect(connection.state).toBe("closed");
    expect(states).toEqual(["open", "closed (closed)"]);
    await vi.waitFor(() => expect(network.sessions[0]!.signal.aborted).toBe(true));
  });

  test("works through the api stub, a signal, and while there is no connection", async () => {
    const first = setUp();
    first.api[Symbol.dispose]();
    expect(first.connection.state).toBe("closed");

    const controller = new AbortController();
    const second = setUp({ signal: controller.signal });
    await second.connection.ready();
    second.network.cut({ stays: "down" });
    const waiting = second.api.echo(1);
    controller.abort(new Error("left"));
    await expect(waiting).rejects.toMatchObject({ code: "CONNECTION_CLOSED", execution: "never" });
    expect(second.states).toEqual(["open", "interrupted", "closed (closed)"]);
  });

  test("stops attempts that retry refuses", async () => {
    const attempts: number[] = [];
    const { connection, api } = setUp({
      open() {
        throw new Error("refused");
      },
      retry: ({ attempt }) => attempts.push(attempt) < 3,
    });
    await expect(api.echo(1)).rejects.toMatchObject({ code: "CONNECTION_CLOSED" });
    expect(attempts).toEqual([0, 1, 2]);
    expect(connection.state).toBe("closed");
  });
});
