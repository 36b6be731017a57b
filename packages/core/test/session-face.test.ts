// The session itself: onSession, its signal, onClose, and the messages that onMessage is shown.
import { expect, test, vi } from "vitest";
import {
  type BaseSession,
  RpcSession,
  type RpcSessionOptions,
  RpcTarget,
  startSession,
} from "../src/index.ts";
import { serveSession } from "../src/server/index.ts";
import { pair, settle } from "./support/pair.ts";

class Api extends RpcTarget {
  echo(value: unknown) {
    return value;
  }
}

function sessions() {
  const seen: BaseSession<any>[] = [];
  return { seen, onSession: (session: BaseSession<any>) => void seen.push(session) };
}

/** A transport that goes nowhere. */
function deadEnd() {
  return { start() {}, send() {}, abort() {} };
}

test("onSession receives the session that new RpcSession() makes", () => {
  const { seen, onSession } = sessions();
  const session = new RpcSession(deadEnd(), undefined, { onSession });
  expect(seen).toEqual([session]);
});

test("onSession receives a session whose main stub startSession() returns", () => {
  const { seen, onSession } = sessions();
  const api = startSession(deadEnd(), undefined, { onSession });
  expect(seen[0]!.getRemoteMain()).toBe(api);
  expect(seen[0]!.getStats()).toEqual({ imports: 1, exports: 1 });
});

test("onSession of a server runs before createMain, with the same session", () => {
  const order: unknown[] = [];
  serveSession(
    deadEnd(),
    (session) => void order.push("main", session),
    { onSession: (session) => void order.push("onSession", session) },
    () => {},
  );
  expect(order).toEqual(["onSession", order[1], "main", order[1]]);
});

test("onSession may use every method of the session, drain() included", async () => {
  let drained: Promise<void> | undefined;
  new RpcSession(deadEnd(), undefined, {
    onSession: (session) => {
      drained = (session as any).drain();
    },
  });
  await expect(drained).resolves.toBeUndefined();
});

test("onSession that throws is reported, and the session works", async () => {
  const onError = vi.fn();
  const { api } = pair(new Api(), {
    client: {
      onError,
      onSession() {
        throw new Error("mine");
      },
    },
  });
  expect(await api.echo(1)).toBe(1);
  expect(onError).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ message: "mine" }), {
    source: "onSession",
  });
});

test("session.signal aborts on both sides with the reason of the end", async () => {
  const { client, server, clientEnd } = pair(new Api());
  const { signal } = client;
  const atServer = server.signal;
  expect([signal.aborted, atServer.aborted]).toEqual([false, false]);
  expect(client.signal).toBe(signal);
  clientEnd.receiver.close(new Error("cut"));
  client.getRemoteMain()[Symbol.dispose]();
  expect(signal.reason).toEqual(new Error("cut"));
  server.getRemoteMain()[Symbol.dispose]();
  expect(atServer.reason).toMatchObject({ code: "SESSION_DISPOSED" });
});

test("session.signal read after the end has aborted already", () => {
  const { client } = pair(new Api());
  client.getRemoteMain()[Symbol.dispose]();
  expect(client.signal.reason).toMatchObject({ code: "SESSION_DISPOSED" });
});

test("session.signal makes no AbortController unless it is read", async () => {
  const made = vi.spyOn(globalThis, "AbortController");
  try {
    const { api } = pair(new Api());
    await api.echo(1);
    api[Symbol.dispose]();
    expect(made).not.toHaveBeenCalled();
  } finally {
    made.mockRestore();
  }
});

test("session.onClose calls back in order with onRpcBroken, unless it was stopped", () => {
  const { client, api } = pair(new Api());
  const heard: string[] = [];
  client.onClose(() => heard.push("first"));
  api.onRpcBroken(() => heard.push("second"));
  const stop = client.onClose(() => heard.push("stopped"));
  client.onClose(() => heard.push("third"));
  stop();
  client.onClose(() => heard.push("disposed"))[Symbol.dispose]();
  api[Symbol.dispose]();
  expect(heard).toEqual(["first", "second", "third"]);
  client.onClose(() => heard.push("late"));
  expect(heard.at(-1)).toBe("late");
});

test("session.onClose with a callback that throws is reported, and the others run", () => {
  const onError = vi.fn();
  const { client, api } = pair(new Api(), { client: { onError } });
  const heard = vi.fn();
  client.onClose(() => {
    throw new Error("mine");
  });
  client.onClose(heard);
  api[Symbol.dispose]();
  expect(heard).toHaveBeenCalledOnce();
  expect(onError).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ message: "mine" }), {
    source: "onRpcBroken",
  });
});

test("onMessage receives every message in both directions, as it is sent and received", async () => {
  const atClient: unknown[] = [];
  const atServer: unknown[] = [];
  const { api } = pair(new Api(), {
    client: { onMessage: (...seen) => void atClient.push(seen.slice(0, 3)) },
    server: { onMessage: (...seen) => void atServer.push(seen.slice(0, 3)) },
  });
  await api.echo("a");
  await settle();
  api[Symbol.dispose]();
  const texts = [
    ["out", '["push",["pipeline",0,["echo"],["a"]]]'],
    ["out", '["pull",1]'],
    ["in", '["resolve",1,"a"]'],
    ["out", '["release",1,1]'],
  ];
  const sized = texts.map(([direction, text]) => [direction, text, text!.length]);
  expect(atClient.slice(0, 4)).toEqual(sized);
  const turned = sized.map(([direction, ...rest]) => [direction === "in" ? "out" : "in", ...rest]);
  expect(atServer.slice(0, 4)).toEqual(turned);
});

test("onMessage receives the session, except with the messages of its very start", async () => {
  const seen: [string, unknown][] = [];
  const onMessage: RpcSessionOptions["onMessage"] = (direction, _message, _size, session) =>
    void seen.push([direction, session]);
  const { api, client } = pair(new Api(), { client: { announce: true, onMessage } });
  await api.echo("a");
  const [announced, ...later] = seen;
  expect(announced).toEqual(["out", undefined]);
  expect(later.length).toBeGreaterThan(1);
  expect(later.every(([, session]) => session === client)).toBe(true);
});

test("onMessage receives joined messages as one text, and announcements", async () => {
  const shown: unknown[] = [];
  const onMessage = (direction: string, message: unknown) => void shown.push([direction, message]);
  const { api } = pair(new Api(), {
    client: { announce: true, onMessage },
    server: { announce: "reply" },
  });
  await settle();
  await Promise.all([api.echo("a"), api.echo("b")]);
  const sent = shown.map(([direction, text]: any) => `${direction} ${text.slice(0, 9)}`);
  expect(sent.slice(0, 2)).toEqual(['out ["reject"', 'in ["reject"']);
  expect(shown).toContainEqual([
    "out",
    '["stream",["pipeline",0,["echo"],["a"]]]\n["stream",["pipeline",0,["echo"],["b"]]]',
  ]);
});

test("onMessage receives trees of transports that encode them, with an estimate of the size", async () => {
  const sizes: number[] = [];
  const { api } = pair(new Api(), {
    level: "structuredClonable",
    client: {
      onMessage(_direction, message, size) {
        expect(message).toBeInstanceOf(Array);
        sizes.push(size);
      },
    },
  });
  await api.echo("a".repeat(1000));
  expect(Math.max(...sizes)).toBeGreaterThan(1000);
});

test("onMessage that always throws is reported and changes nothing", async () => {
  const onError = vi.fn();
  const { api, isClean } = pair(new Api(), {
    client: {
      onError,
      onMessage() {
        throw new Error("mine");
      },
    },
  });
  expect(await api.echo({ a: 1 })).toEqual({ a: 1 });
  await settle();
  expect(isClean()).toBe(true);
  expect(onError.mock.calls.length).toBeGreaterThanOrEqual(4);
  expect(onError.mock.calls[0]).toEqual([
    expect.objectContaining({ message: "mine" }),
    { source: "onMessage" },
  ]);
});

test("onMessage may end the session or call the peer without harm", async () => {
  let calls = 0;
  const { api, client } = pair(new Api(), {
    client: {
      onMessage(direction) {
        if (direction === "out" && calls++ < 3) api.echo("from the observer").catch(() => {});
        if (direction === "in") client.getRemoteMain()[Symbol.dispose]();
      },
    },
  });
  await expect(api.echo("a")).rejects.toMatchObject({ code: "SESSION_DISPOSED" });
  await settle();
  expect(client.getStats()).toEqual({ imports: 0, exports: 0 });
});

test.each([false, true])(
  "onMessage may make a call, which leaves after the message",
  async (announce) => {
    let calls = 0;
    let inner: unknown;
    const { api } = pair(new Api(), {
      client: {
        announce,
        onMessage(direction, message) {
          if (direction === "in" || !String(message).includes("outer") || calls++) return;
          inner = api.echo("inner").then((value) => value);
        },
      },
      server: { announce },
    });
    expect(await api.echo("outer")).toBe("outer");
    expect(await inner).toBe("inner");
  },
);
