import { describe, expect, test, vi } from "vitest";
import { type RpcSession, RpcTarget, startSession, type Transport } from "../src/index.ts";
import { type ServeSessionOptions, serveSession } from "../src/server/index.ts";

class Api extends RpcTarget {
  readonly #log: string[];
  constructor(log: string[]) {
    super();
    this.#log = log;
  }
  note(text: string) {
    this.#log.push(text);
    return text;
  }
  [Symbol.dispose]() {
    this.#log.push("disposed");
  }
}

/** Two ends in memory that deliver in a microtask, and a function that closes both. */
function link() {
  const receivers: any[] = [];
  const end = (own: number): Transport => ({
    start: (receiver) => {
      receivers[own] = receiver;
    },
    send: (message) => queueMicrotask(() => receivers[1 - own]!.receive(message)),
    abort: (reason) => queueMicrotask(() => receivers[1 - own]!.close(reason)),
  });
  return { client: end(0), server: end(1), cut: () => receivers[1]!.close(new Error("cut")) };
}

function serve(
  createMain: (session: RpcSession<any>) => unknown,
  options: ServeSessionOptions = {},
  clientMain?: unknown,
) {
  const { client, server, cut } = link();
  const onFailure = vi.fn();
  let broken!: Promise<any>;
  const session = serveSession<any>(
    server,
    (session) => {
      broken = new Promise((resolve) => session.getRemoteMain().onRpcBroken(resolve));
      return createMain(session);
    },
    options,
    onFailure,
  );
  return { api: startSession<any>(client, clientMain), session, broken, onFailure, cut };
}

describe("serveSession", () => {
  test("serves the result of createMain, and disposes of it at the end", async () => {
    const log: string[] = [];
    const { api, cut } = serve(() => new Api(log));
    expect(await api.note("a")).toBe("a");
    cut();
    expect(log).toEqual(["a", "disposed"]);
  });

  test("makes calls wait in order for a main object that is still being made", async () => {
    const log: string[] = [];
    let make!: (main: Api) => void;
    const { api, session } = serve(() => new Promise((resolve) => (make = resolve)));
    const calls = [api.note("a"), api.note("b")].map((call) => call.then((value: string) => value));
    await new Promise((resolve) => setImmediate(resolve));
    expect(log).toEqual([]);
    make(new Api(log));
    expect(await Promise.all(calls)).toEqual(["a", "b"]);
    expect(await api.note("c")).toBe("c");
    expect(log).toEqual(["a", "b", "c"]);
    expect(session.getStats().exports).toBe(1);
  });

  test("lets createMain call the client before it is done", async () => {
    const { api } = serve(
      async (session) => {
        const name = await session.getRemoteMain().name();
        return { hello: () => `Hello, ${name}!` };
      },
      {},
      { name: () => "Ada" },
    );
    expect(await api.hello()).toBe("Hello, Ada!");
  });

  test.each([
    [
      "throws",
      () => {
        throw new Error("no database");
      },
    ],
    ["rejects", () => Promise.reject(new Error("no database"))],
    [
      "returns something with a getter `then` that throws",
      () => ({
        get then() {
          throw new Error("no database");
        },
      }),
    ],
  ])("reports a createMain that %s, and ends this session", async (_name, createMain) => {
    const onError = vi.fn();
    const { broken, onFailure } = serve(createMain, { onError });
    const reason = await broken;
    expect(onError.mock.calls).toEqual([
      [expect.objectContaining({ message: "no database" }), { source: "server" }],
    ]);
    expect(onFailure).toHaveBeenCalledOnce();
    expect(reason.message).not.toMatch("database");
  });

  test("ends the session if createMain takes too long, and disposes of a later main object", async () => {
    const log: string[] = [];
    const onError = vi.fn();
    let make!: (main: Api) => void;
    const { broken, onFailure } = serve(() => new Promise((resolve) => (make = resolve)), {
      onError,
      mainTimeout: 1,
    });
    await broken;
    expect(onFailure).toHaveBeenCalledOnce();
    expect(onError.mock.calls[0]![0].message).toMatch(/createMain took longer than 1 ms/);
    make(new Api(log));
    await vi.waitFor(() => expect(log).toEqual(["disposed"]));
  });

  test("disposes of a main object that arrives after its client has gone", async () => {
    const log: string[] = [];
    let make!: (main: Api) => void;
    const { cut, onFailure } = serve(() => new Promise((resolve) => (make = resolve)));
    cut();
    make(new Api(log));
    await vi.waitFor(() => expect(log).toEqual(["disposed"]));
    expect(onFailure).not.toHaveBeenCalled();
  });

  test("has the limits of servers, unless others are set", async () => {
    const long = "x".repeat(5 * 1024 * 1024);
    const echo = () => ({ length: (text: string) => text.length });
    await expect(serve(echo).api.length(long)).rejects.toThrow();
    expect(await serve(echo, { limits: "client" }).api.length(long)).toBe(long.length);
  });
});
