import { RpcStub, type Transport } from "@capnweb/core";
import { ResumeAcceptor } from "@capnweb/resume";
import { WebSocketUrlError, webSocketTransport } from "@capnweb/transport-ws";
import { webSocketTransport as nodeTransport } from "@capnweb/transport-ws/node";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { WebSocket } from "ws";
import { type ConnectOptions, connect, connectPool } from "../src/index.ts";
import { setUp } from "./support/api.ts";
import { FakeClock } from "./support/fake-clock.ts";
import { nextState, quick } from "./support/network.ts";

type Open = ConnectOptions["open"];

/** Connects, and counts the attempts. */
function attempting(open: Open, options: Partial<ConnectOptions> = {}) {
  let attempts = 0;
  const retry = vi.fn(() => true);
  const counted: Open = (context) => {
    attempts++;
    return open(context);
  };
  const connection = connect({ open: counted, ...quick, retry, ...options });
  onTestFinished(() => connection.close());
  return { connection, retry, attempts: () => attempts };
}

describe("a mistake that no other attempt would mend closes the connection", () => {
  test.each<[string, Open]>([
    ["a TypeError that open throws", () => (undefined as any).length],
    ["a ReferenceError that open throws", () => (globalThis as any).missing() ?? missing()],
    ["a text that is no URL", () => webSocketTransport("localhost:8080")],
    ["such a text in an asynchronous open", async () => webSocketTransport("/api")],
    ["such a text in Node", async () => nodeTransport("http//x")],
    ["a URL that isn't one", async () => new URL("nonsense") as never],
    ["an open that returns nothing", () => undefined as never],
    ["an open that returns a WebSocket", () => new EventTarget() as never],
    ["an open that returns a stub", () => new RpcStub({}) as never],
  ])("%s", async (_, open) => {
    vi.stubGlobal("WebSocket", WebSocket);
    const { connection, retry, attempts } = attempting(open);
    await expect(connection.ready()).rejects.toMatchObject({
      code: "CONNECTION_CLOSED",
      execution: "never",
      message: expect.stringMatching(
        /^The connection is closed \(open\(\) failed, and would again/,
      ),
      cause: { code: "SETUP", cause: expect.any(Error) },
    });
    expect(attempts()).toBe(1);
    expect(retry).not.toHaveBeenCalled();
  });

  test("a runtime without WebSocket", async () => {
    vi.stubGlobal("WebSocket", undefined);
    const { connection } = attempting(async () => webSocketTransport("ws://127.0.0.1:1/"));
    await expect(connection.ready()).rejects.toMatchObject({
      cause: { cause: { code: "NO_WEBSOCKET" } },
    });
  });

  test("an error of createMain, and the connection that was open for it is closed", async () => {
    const error = new RangeError("no main");
    const transport = { send: vi.fn(), start: vi.fn(), abort: vi.fn() };
    const { connection, attempts } = attempting(() => transport, {
      createMain() {
        throw error;
      },
    });
    await expect(connection.ready()).rejects.toMatchObject({
      message: expect.stringContaining("createMain() failed, and would again: no main."),
      cause: { code: "SETUP", cause: error },
    });
    expect(transport.abort).toHaveBeenCalledOnce();
    expect(attempts()).toBe(1);
  });

  test("an option that sessions refuse", async () => {
    const transport = { send: vi.fn(), start: vi.fn(), abort: vi.fn() };
    const { connection } = attempting(() => transport, {
      types: [{ kind: "a", tags: ["a"] } as never],
    });
    await expect(connection.ready()).rejects.toMatchObject({ cause: { code: "SETUP" } });
  });

  test.each([
    ["that resumes", true],
    ["that doesn't", false],
  ])("even later, with a server %s", async (_, resumes) => {
    let isBroken = false;
    const made: ReturnType<typeof setUp> = setUp(
      {
        open: async (): Promise<Transport> => {
          if (isBroken) return webSocketTransport("nonsense");
          return made.network.open();
        },
      },
      resumes ? new ResumeAcceptor() : undefined,
    );
    vi.stubGlobal("WebSocket", WebSocket);
    const { api, connection, network, states } = made;
    await api.echo(1);
    isBroken = true;
    const closed = nextState(connection, "closed");
    network.cut();
    await closed;
    expect(states).toEqual(["open", "interrupted", "closed (closed)"]);
    await expect(Promise.resolve(api.echo(2))).rejects.toMatchObject({
      cause: { cause: expect.any(WebSocketUrlError) },
    });
  });

  test("and a pool tells it", async () => {
    const pool = connectPool({ open: () => (undefined as any).length, ...quick });
    await vi.waitFor(() => expect(pool.connections[1]!.state).toBe("closed"));
    await expect(Promise.resolve((pool.api as any).echo(1))).rejects.toMatchObject({
      code: "CONNECTION_CLOSED",
      cause: { code: "SETUP" },
    });
  });
});

describe("a failure that may pass is tried again", () => {
  test.each<[string, () => any]>([
    [
      "a TypeError that fetch rejects with",
      async () => Promise.reject(new TypeError("fetch failed")),
    ],
    ["a page in place of JSON", async () => JSON.parse("<html>")],
    [
      "an error that open throws",
      () => {
        throw new Error("offline");
      },
    ],
    ["an abort", async () => Promise.reject(new DOMException("gone", "AbortError"))],
  ])("%s", async (_, fail) => {
    let attempts = 0;
    const made: ReturnType<typeof setUp> = setUp({
      open: () => (attempts++ < 3 ? fail() : made.network.open()),
    });
    expect(await made.api.echo(1)).toBe(1);
    expect(attempts).toBe(4);
  });
});

describe("retry learns the number of the attempt", () => {
  test.each([
    ["over a plain connection", false],
    ["over one that resumes", true],
  ])("%s", async (_, resumes) => {
    const clock = new FakeClock();
    const failed: number[] = [];
    const retry = ({ attempt }: { attempt: number }) => failed.push(attempt) > 0;
    const backoff = { min: 10, max: 10 };
    const acceptor = resumes ? new ResumeAcceptor({ clock }) : undefined;
    const made = setUp({ clock, retry, backoff, random: () => 1 }, acceptor);
    const { network, connection } = made;
    await nextState(connection, "open");
    for (let outage = 0; outage < 2; outage++) {
      failed.length = 0;
      network.cut({ stays: "down" });
      await clock.run(35);
      expect(failed).toEqual([0, 1, 2]);
      network.isUp = true;
      const opened = nextState(connection, "open");
      await clock.run(10);
      await opened;
    }
  });
});

declare function missing(): never;
