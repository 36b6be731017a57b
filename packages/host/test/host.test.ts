import { RpcTarget, type TransportReceiver } from "@capnweb/core";
import { describe, expect, test, vi } from "vitest";
import { broken, deferred, newHost, openPort } from "./support.ts";

describe("accept", () => {
  test("starts a session whose main object has the context of authorize", async () => {
    const host = newHost({
      authorize: async ({ source, medium }) => ({ context: [source, medium], identity: "ada" }),
    });
    const { api, accepted } = openPort(host, undefined, { source: "a port", address: "192.0.2.1" });
    expect(await api.whoAmI()).toEqual(["a port", "messageport"]);
    expect(await accepted).toMatchObject({
      state: "open",
      identity: "ada",
      address: "192.0.2.1",
      medium: "messageport",
      context: ["a port", "messageport"],
    });
  });

  test("loses nothing that arrives while authorize decides", async () => {
    const decision = deferred<true>();
    const host = newHost({ authorize: () => decision.promise });
    const { api } = openPort(host);
    const sums = [1, 2, 3].map((each) => api.add(each, 1));
    await new Promise((resolve) => setTimeout(resolve, 20));
    decision.resolve(true);
    expect(await Promise.all(sums)).toEqual([2, 3, 4]);
  });

  test.each([
    [
      "a status and a reason",
      () => ({ status: 401, reason: "Log in first." }),
      401,
      /Log in first/,
    ],
    ["false", () => false, 403, /Not allowed/],
    ["a throw", () => Promise.reject(new Error("no database")), 500, /failed to decide/],
    ["no answer", () => new Promise(() => {}), 503, /took too long/],
  ])("tells the client of a refusal: %s", async (_name, authorize, status, message) => {
    const onError = vi.fn();
    const host = newHost({ authorize: authorize as any, authorizeTimeout: 20, onError });
    const { api, accepted } = openPort(host);
    const reason = await broken(api);
    expect(reason).toMatchObject({ code: "REFUSED", status });
    expect(reason.message).toMatch(message);
    await expect(api.add(1, 2)).rejects.toMatchObject({ status });
    expect(await accepted).toBe(undefined);
    expect(host.size).toBe(0);
  });

  test("refuses more sessions than maxSessionsPerAddress, and takes them again later", async () => {
    const host = newHost({ maxSessionsPerAddress: 1, onError() {} });
    const first = openPort(host, undefined, { address: "192.0.2.1" });
    expect(await first.api.add(1, 2)).toBe(3);
    const second = openPort(host, undefined, { address: "192.0.2.1" });
    expect(await broken(second.api)).toMatchObject({ status: 503, retryAfter: 1 });
    expect(await openPort(host, undefined, { address: "192.0.2.2" }).api.add(1, 2)).toBe(3);
    first.api[Symbol.dispose]();
    await vi.waitFor(() => expect(host.size).toBe(1));
    expect(await openPort(host, undefined, { address: "192.0.2.1" }).api.add(1, 2)).toBe(3);
  });

  test("ends a session whose main object can't be made, and reports the error", async () => {
    const onError = vi.fn();
    const host = newHost({ onError, createMain: () => Promise.reject(new Error("no disk")) });
    const { api } = openPort(host);
    await broken(api);
    expect(onError.mock.calls[0]![0]).toEqual(new Error("no disk"));
    await vi.waitFor(() => expect(host.size).toBe(0));
    expect([...host.sessions]).toEqual([]);
  });

  test("gives a client up that sends without end before it is accepted", async () => {
    const decision = deferred<true>();
    const createMain = vi.fn();
    const host = newHost({ authorize: () => decision.promise, createMain });
    let receiver!: TransportReceiver;
    const abort = vi.fn();
    const accepted = host.accept({
      start(to) {
        receiver = to;
      },
      send() {},
      abort,
    });
    for (let i = 0; i < 3; i++) receiver.receive("x".repeat(500_000));
    expect(abort).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ code: "EARLY_FRAMES" }),
    );
    expect(host.size).toBe(0);
    receiver.receive("x".repeat(500_000));
    decision.resolve(true);
    expect(await accepted).toBe(undefined);
    expect(abort).toHaveBeenCalledTimes(1);
    expect(createMain).not.toHaveBeenCalled();
  });
});

describe("the list of sessions", () => {
  test("has the load and the traffic of each, and forgets those that are over", async () => {
    const onOpen = vi.fn();
    const onEnd = vi.fn();
    const host = newHost({ onOpen, onEnd });
    const { api, accepted } = openPort(host);
    await api.add(1, 2);
    const waiting = api.never();
    waiting.catch(() => {});
    await vi.waitFor(async () => expect((await accepted)!.statistics.calls).toBe(1));
    const [session] = host.sessions;
    expect(session).toBe(await accepted);
    expect(session!.statistics).toMatchObject({ calls: 1, imports: 1 });
    expect(session!.statistics.received.frames).toBeGreaterThan(1);
    expect(session!.statistics.sent.bytes).toBeGreaterThan(10);
    api[Symbol.dispose]();
    await vi.waitFor(() => expect([...host.sessions]).toEqual([]));
    expect(session!.state).toBe("closed");
    expect(onOpen).toHaveBeenCalledExactlyOnceWith(session);
    expect(onEnd).toHaveBeenCalledExactlyOnceWith(session, expect.anything());
  });

  test("survives callbacks that throw", async () => {
    const onError = vi.fn();
    const fail = () => {
      throw new Error("no log");
    };
    const host = newHost({ onOpen: fail, onEnd: async () => fail(), onError });
    const { api } = openPort(host);
    expect(await api.add(1, 2)).toBe(3);
    api[Symbol.dispose]();
    await vi.waitFor(() => expect(onError).toHaveBeenCalledTimes(2));
  });

  test("closes a session, and tells its client the reason", async () => {
    const host = newHost();
    const { api, accepted } = openPort(host);
    await api.add(1, 2);
    (await accepted)!.close("Your account was closed.");
    expect(await broken(api)).toMatchObject({
      code: "GOING_AWAY",
      message: "Your account was closed.",
    });
  });
});

describe("broadcast", () => {
  class Client extends RpcTarget {
    readonly #heard: unknown[];
    constructor(heard: unknown[]) {
      super();
      this.#heard = heard;
    }
    notify(value: unknown) {
      this.#heard.push(value);
    }
  }
  class Deaf extends RpcTarget {
    notify() {
      return new Promise(() => {});
    }
  }
  class Failing extends RpcTarget {
    notify() {
      throw new RangeError("not today");
    }
  }

  test("reaches every client, and isolates those that fail, lack the method or stay silent", async () => {
    const heard: unknown[] = [];
    const host = newHost();
    const mains = [new Client(heard), new Failing(), undefined, new Deaf(), new Client(heard)];
    for (const main of mains) await openPort(host, main).api.add(1, 2);
    const report = await host.broadcast((client) => client.notify("hello"), { timeout: 1_000 });
    expect(heard).toEqual(["hello", "hello"]);
    expect(report.delivered).toBe(2);
    expect(report.failed.map(({ session, error }) => [session.id, (error as any).code])).toEqual(
      expect.arrayContaining([
        [2, undefined],
        [4, "BROADCAST_TIMEOUT"],
      ]),
    );
    expect(report.failed).toHaveLength(3);
  });

  test("disposes of the answers, even of late ones", async () => {
    const disposed: string[] = [];
    class Answer extends RpcTarget {
      readonly #name: string;
      constructor(name: string) {
        super();
        this.#name = name;
      }
      [Symbol.dispose]() {
        disposed.push(this.#name);
      }
    }
    const late = deferred<object>();
    class Answering extends RpcTarget {
      ask() {
        return new Answer("stub");
      }
      nested() {
        return { answer: new Answer("nested") };
      }
      late() {
        return late.promise;
      }
    }
    const host = newHost();
    await openPort(host, new Answering()).api.add(1, 2);
    await host.broadcast((client) => client.ask());
    await host.broadcast((client) => client.nested());
    await vi.waitFor(() => expect(disposed).toEqual(["stub", "nested"]));
    const { failed } = await host.broadcast((client) => client.late(), { timeout: 1 });
    expect(failed).toHaveLength(1);
    late.resolve(new Answer("late"));
    await vi.waitFor(() => expect(disposed).toEqual(["stub", "nested", "late"]));
    // The client's own stub isn't an answer.
    expect(await host.broadcast((client) => client)).toMatchObject({ delivered: 1 });
    expect([...host.sessions]).toHaveLength(1);
  });

  test("calls only the sessions of the filter, and survives one that throws", async () => {
    const heard: unknown[] = [];
    const host = newHost();
    for (let i = 0; i < 3; i++) await openPort(host, new Client(heard)).api.add(1, 2);
    const { delivered, failed } = await host.broadcast((client, { id }) => client.notify(id), {
      filter({ id }) {
        if (id === 1) throw new Error("no");
        return id === 2;
      },
    });
    expect(heard).toEqual([2]);
    expect(delivered).toBe(1);
    expect(failed).toHaveLength(1);
  });
});
