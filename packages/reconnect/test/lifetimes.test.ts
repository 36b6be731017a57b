import { callOptions, intercept, RpcTarget } from "@capnweb/core";
import { ResumeAcceptor } from "@capnweb/resume";
import { assertNoLeaks } from "@capnweb/testkit";
import { describe, expect, test, vi } from "vitest";
import type { ConnectOptions } from "../src/index.ts";
import { setUp } from "./support/api.ts";
import { FakeClock, settle } from "./support/fake-clock.ts";
import { nextState } from "./support/network.ts";

/** A target that counts its disposals. */
class Callback extends RpcTarget {
  disposals = 0;
  [Symbol.dispose]() {
    this.disposals++;
  }
}

describe("a stub", () => {
  test("works over 100 restores, and holds nothing of earlier sessions", async () => {
    const { network, connection, states, log } = setUp();
    const room = connection.keep((api) => api.room("42"));
    for (let i = 0; i < 100; i++) {
      expect(await room.say("x")).toBe(1);
      network.cut();
    }
    expect(await room.say("last")).toBe(4);
    expect(log.filter((line) => line === "42: x")).toHaveLength(100);
    expect(states).toHaveLength(201);
    expect(network.sessions).toHaveLength(101);
    room[Symbol.dispose]();
    await assertNoLeaks(network.sessions.slice(0, -1), { expected: 0 });
    await assertNoLeaks(network.sessions.slice(-1));
  });

  test("that is passed to its own peer is the peer's own object there", async () => {
    const { connection, api, network } = setUp();
    const room = connection.keep((main) => main.room("42"));
    await room.say("x");
    const same = await api.echo(room);
    expect(await (same as typeof room).say("hello")).toBe(5);
    expect(await api.names().map((name) => room.say(name as never))).toEqual([1, 1]);
    // The peer imports nothing: it knows its own objects by their ids.
    expect(network.sessions[0]!.getStats().imports).toBe(1);
  });

  test("is broken only when the connection is closed", async () => {
    const { connection, api, network } = setUp();
    const room = connection.keep((main) => main.room("42"));
    const broken = vi.fn();
    const stopped = vi.fn();
    api.onRpcBroken(broken);
    room.onRpcBroken(broken);
    api.onRpcBroken(stopped)();
    await room.say("x");
    network.cut();
    await room.say("x");
    expect(broken).not.toHaveBeenCalled();
    connection.close();
    expect(broken.mock.calls.map(([error]) => error.code)).toEqual([
      "CONNECTION_CLOSED",
      "CONNECTION_CLOSED",
    ]);
    expect(stopped).not.toHaveBeenCalled();
  });
});

describe("an argument", () => {
  test("lives until its call has arrived, and is disposed of once", async () => {
    const { network, api, connection, server } = setUp();
    await connection.ready();
    network.cut({ stays: "down" });
    const callback = new Callback();
    const call = api.keep(callback as never);
    expect(callback.disposals).toBe(0);
    network.isUp = true;
    await call;
    expect(callback.disposals).toBe(0);
    for (const kept of server.kept) kept[Symbol.dispose]();
    await vi.waitFor(() => expect(callback.disposals).toBe(1));
  });

  test("is disposed of once with a call that is never made", async () => {
    const { network, api, connection } = setUp({ offline: { max: 1 } });
    await connection.ready();
    network.cut({ stays: "down" });
    const callbacks = [new Callback(), new Callback(), new Callback()];
    const calls = callbacks.slice(0, 2).map((each) => Promise.resolve(api.keep(each as never)));
    const failures = calls.map((call) =>
      expect(call).rejects.toMatchObject({ execution: "never" }),
    );
    connection.close();
    await Promise.all(failures);
    await expect(Promise.resolve(api.keep(callbacks[2] as never))).rejects.toMatchObject({
      code: "CONNECTION_CLOSED",
    });
    expect(callbacks.map(({ disposals }) => disposals)).toEqual([1, 1, 1]);
  });

  test("that can't be sent makes the call throw, with and without a connection", async () => {
    const { api, network, connection } = setUp();
    await connection.ready();
    const circle: unknown[] = [];
    circle.push(circle);
    expect(() => api.echo(circle)).toThrow();
    expect(() => api.echo(new Map())).toThrow(TypeError);
    network.cut({ stays: "down" });
    expect(() => api.echo(circle)).toThrow();
    network.isUp = true;
    expect(await api.echo(1)).toBe(1);
  });

  test("may be a stream, which is sent once", async () => {
    const { api, network, connection } = setUp();
    await connection.ready();
    network.cut({ stays: "down" });
    const stream = new ReadableStream({
      start(controller) {
        controller.enqueue("a");
        controller.close();
      },
    });
    const echo = api.echo(stream);
    network.isUp = true;
    const back = (await echo) as ReadableStream<string>;
    expect((await back.getReader().read()).value).toBe("a");
  });
});

describe("without a connection", () => {
  test("a call's own timeout and signal count", async () => {
    const { api, network, connection, log } = setUp();
    await connection.ready();
    network.cut({ stays: "down" });
    const controller = new AbortController();
    const timed = Promise.resolve(callOptions(api, { timeout: 1 }).echo(1));
    const aborted = Promise.resolve(callOptions(api, { signal: controller.signal }).echo(2));
    const failures = [
      expect(timed).rejects.toMatchObject({ code: "DEADLINE" }),
      expect(aborted).rejects.toThrow("enough"),
    ];
    controller.abort(new Error("enough"));
    await Promise.all(failures);
    expect(connection.waiting).toBe(0);
    network.isUp = true;
    await api.echo(3);
    expect(log).toEqual(["echo 3"]);
  });

  test("calls whose promise, or whose stub, was disposed of are still made", async () => {
    const { api, network, connection, log } = setUp();
    const room = connection.keep((main) => main.room("42"));
    await room.say("one");
    network.cut({ stays: "down" });
    api.echo("dropped")[Symbol.dispose]();
    room.say("two")[Symbol.dispose]();
    room[Symbol.dispose]();
    network.isUp = true;
    await api.echo("end");
    await vi.waitFor(() => expect(log).toContain("42: two"));
    expect(log).toEqual(["room 42", "42: one", "room 42", "42: two", "echo dropped", "echo end"]);
    await assertNoLeaks(network.sessions.slice(-1));
  });
});

describe("each session", () => {
  test("has the options of the connection, and a main object of its own", async () => {
    const calls: string[] = [];
    const mains: Callback[] = [];
    const { api, network, connection } = setUp({
      createMain() {
        mains.push(new Callback());
        return mains.at(-1);
      },
      interceptors: intercept({
        call(call, next) {
          calls.push(call.path.join("."));
          return next();
        },
      }),
      call: { metadata: { tenant: "a" } },
    });
    await api.echo(1);
    network.cut();
    await api.echo(2);
    expect(calls).toEqual(["echo", "echo"]);
    connection.close();
    expect(mains.map(({ disposals }) => disposals)).toEqual([1, 1]);
  });
});

describe("a signal that aborts, or close(), ends the connection", () => {
  const ended = async (options: Partial<ConnectOptions>, act: (made: Made) => unknown) => {
    const controller = new AbortController();
    const clock = new FakeClock();
    const made = setUp({ clock, signal: controller.signal, ...options });
    await act({ ...made, clock });
    const call = Promise.resolve(made.api.echo(1));
    const failure = expect(call).rejects.toMatchObject({ code: "CONNECTION_CLOSED" });
    controller.abort(new Error("left"));
    await failure;
    expect(made.connection.state).toBe("closed");
    await settle();
    // Nothing is left that could run later.
    expect(clock.delays).toEqual([]);
    const { attempts } = made.network;
    await clock.run(100_000);
    expect(made.network.attempts).toBe(attempts);
    for (const { client } of made.network.links) expect(() => client.send("x")).not.toThrow();
    return made;
  };
  type Made = ReturnType<typeof setUp> & { clock: FakeClock };

  test("while it opens", async () => {
    let signal: AbortSignal | undefined;
    await ended(
      {
        open(context) {
          signal = context.signal;
          return new Promise(() => {});
        },
      },
      settle,
    );
    expect(signal!.aborted).toBe(true);
  });

  test("while it waits between attempts", async () => {
    await ended({ backoff: { min: 1000, max: 1000 } }, async ({ network, clock }) => {
      network.isUp = false;
      await clock.run(100);
    });
  });

  test("while it probes", async () => {
    const { network } = await ended({}, async ({ network }) => {
      network.isAnswering = false;
      await settle();
    });
    expect(network.links).toHaveLength(1);
  });

  test("while it is open", async () => {
    const { network } = await ended({}, settle);
    expect(network.sessions[0]!.signal.aborted).toBe(true);
  });

  test("while it is interrupted, and could be resumed", async () => {
    const clock = new FakeClock();
    const controller = new AbortController();
    const made = setUp({ clock, signal: controller.signal }, new ResumeAcceptor());
    await nextState(made.connection, "open");
    made.network.cut({ stays: "down" });
    const call = Promise.resolve(made.api.echo(1));
    const failure = expect(call).rejects.toMatchObject({ execution: "never" });
    controller.abort();
    await failure;
    expect(made.states).toEqual(["open", "interrupted", "closed (closed)"]);
  });

  test("before it begins", async () => {
    const { connection, network } = setUp({ signal: AbortSignal.abort() });
    expect(connection.state).toBe("closed");
    expect(network.attempts).toBe(0);
    await expect(connection.ready()).rejects.toMatchObject({ code: "CONNECTION_CLOSED" });
  });
});
