import { callOptions } from "@capnweb/core";
import { webSocketTransport } from "@capnweb/transport-ws/node";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { ConnectionError, type ConnectOptions, connect } from "../src/index.ts";
import { nextState, statesOf } from "./support/network.ts";
import { ServerProcess } from "./support/server-process.ts";

interface Counter {
  add(id: string): string;
}

interface Api {
  record(id: string): string;
  counter(name: string): Counter;
  pid(): number;
  call(callback: () => string): string;
}

async function setUp(options: Partial<ConnectOptions> = {}) {
  const server = new ServerProcess();
  await server.start();
  const connection = connect<Api>({
    open: ({ signal }) => webSocketTransport(server.url, { signal }),
    backoff: { min: 10, max: 50 },
    ...options,
  });
  onTestFinished(() => connection.close());
  return { server, connection, api: connection.api };
}

describe("with an unmodified server of capnweb", () => {
  test("is restored after the server was killed and started again", async () => {
    const { server, connection, api } = await setUp();
    const states = statesOf(connection);
    const counter = connection.keep((api) => api.counter("c"));
    const first = await api.pid();
    expect(await counter.add("1")).toBe("c 1");
    await server.kill();
    // A call that leaves before the end is noticed may have run.
    await vi.waitFor(() => expect(states.at(-1)).toBe("interrupted"));
    const waiting = counter.add("2");
    await server.start();
    expect(await waiting).toBe("c 2");
    expect(await api.pid()).not.toBe(first);
    expect(await api.call(() => "called")).toBe("called");
    expect(states).toEqual(["open", "interrupted", "open (restored)"]);
  });

  test("never says of a call that ran that it didn't", async () => {
    const { server, api } = await setUp();
    const repeatable = callOptions(api, { idempotent: true });
    const outcomes = new Map<string, string>();
    let calls = 0;
    let isOver = false;
    const note = async (id: string, call: PromiseLike<unknown>) => {
      try {
        await call;
        outcomes.set(id, "done");
      } catch (error) {
        if (!(error instanceof ConnectionError)) throw error;
        outcomes.set(id, error.execution);
      }
    };
    const work = async (kind: "once" | "again") => {
      const target = kind === "once" ? api : repeatable;
      while (!isOver) {
        const batch = [0, 1, 2].map(() => {
          const id = `${kind}-${calls++}`;
          return note(id, target.record(id));
        });
        await Promise.all(batch);
      }
    };
    const workers = [work("once"), work("once"), work("again")];
    for (let round = 0; round < 5; round++) {
      const before = calls;
      await vi.waitFor(() => expect(calls).toBeGreaterThan(before + 30), {
        interval: 1,
        timeout: 60_000,
      });
      await server.kill();
      await server.start();
    }
    isOver = true;
    await Promise.all(workers);
    const journal = server.journal();
    const wrong: string[] = [];
    for (const [id, outcome] of outcomes) {
      const runs = journal.get(id) ?? 0;
      const most = id.startsWith("again") ? 2 : 1;
      const isRight =
        outcome === "never" ? runs === 0 : runs <= most && (outcome !== "done" || runs > 0);
      if (!isRight) wrong.push(`${id}: ${outcome}, but ran ${runs} times`);
    }
    expect(wrong).toEqual([]);
    expect([...outcomes.values()]).toContain("maybe");
  });

  test("notices a server that was stopped, and goes on with it once it runs again", async () => {
    const { server, connection, api } = await setUp({
      // Long enough for the answers of a server that runs, on a busy machine.
      health: { interval: 50, timeout: 3_000 },
    });
    await api.pid();
    const interrupted = nextState(connection, "interrupted");
    server.signal("SIGSTOP");
    await interrupted;
    server.signal("SIGCONT");
    expect(await api.record("after")).toBe("after");
  });
});
