import { describe, expect, test } from "vitest";
import { type EncodingLevel, RpcSession, RpcTarget } from "../src/index.ts";
import { pair, settle } from "./support/pair.ts";

class Api extends RpcTarget {
  echo(value: unknown) {
    return value;
  }
  call(callback: (value: unknown) => unknown, value: unknown) {
    return callback(value);
  }
  list() {
    return [1, 2];
  }
}

const LEVELS: EncodingLevel[] = [
  "string",
  "jsonCompatible",
  "jsonCompatibleWithBytes",
  "structuredClonable",
];

describe.each(LEVELS)("a session at level %s", (level) => {
  test("carries values, callbacks, maps and streams", async () => {
    const { api, isClean } = pair(new Api(), { level });
    const value = {
      when: new Date(5),
      big: 10n,
      nothing: undefined,
      odd: [Number.NaN, Number.POSITIVE_INFINITY],
      bytes: new Uint16Array([1, 2]),
      error: new RangeError("e"),
    };
    const back = (await api.echo(value)) as typeof value;
    expect(back).toEqual(value);
    expect(await api.call((x) => [x, x], new Date(7))).toEqual([new Date(7), new Date(7)]);
    expect(await api.list().map((n) => ({ n, echoed: api.echo(n) }))).toEqual([
      { n: 1, echoed: 1 },
      { n: 2, echoed: 2 },
    ]);
    const stream = new ReadableStream({
      start(controller) {
        controller.enqueue(new Uint8Array([9]));
        controller.close();
      },
    });
    const chunks: unknown[] = [];
    for await (const chunk of (await api.echo(stream)) as any) chunks.push(...chunk);
    expect(chunks).toEqual([9]);
    await settle();
    expect(isClean()).toBe(false);
  });
});

test("a native value is sent even if a property of it can't be read", async () => {
  const { api } = pair(new Api(), { level: "structuredClonable" });
  const date = Object.defineProperty(new Date(5), "own", {
    get() {
      throw new Error("thrown by a getter");
    },
    enumerable: true,
  });
  let sent: unknown;
  await api.call((value) => {
    sent = value;
  }, new Date(5));
  expect(sent).toEqual(new Date(5));
  expect(await api.echo(date)).toEqual(new Date(5));
});

describe("native values", () => {
  const value = { bytes: new Uint8Array([1]), date: new Date(5), big: 1n, none: undefined };

  test.each([
    [
      "jsonCompatible",
      { bytes: ["bytes", "AQ"], date: ["date", 5], big: ["bigint", "1"], none: ["undefined"] },
    ],
    [
      "jsonCompatibleWithBytes",
      {
        bytes: ["bytes", new Uint8Array([1])],
        date: ["date", 5],
        big: ["bigint", "1"],
        none: ["undefined"],
      },
    ],
    [
      "structuredClonable",
      { bytes: ["bytes", new Uint8Array([1])], date: new Date(5), big: 1n, none: undefined },
    ],
  ] as const)("are kept as the level says: %s", (level, expected) => {
    const { api, clientEnd } = pair(new Api(), { level });
    api.echo(value);
    expect(clientEnd.sent[0][1][3][0]).toEqual(expected);
  });

  test("are copies, so that a message never shares the application's own objects", () => {
    const { api, clientEnd } = pair(new Api(), { level: "jsonCompatible" });
    const plain = { a: { b: [1] } };
    api.echo(plain);
    const sent = clientEnd.sent[0][1][3][0];
    expect(sent).not.toBe(plain);
    expect(sent.a).not.toBe(plain.a);
  });

  test("above a session's level end the session", () => {
    const { server, serverEnd } = pair(new Api(), { level: "jsonCompatible" });
    serverEnd.receiver.receive(["push", new Date(5)]);
    expect(server.getStats().exports).toBe(0);
  });

  test("may not contain one container in several places, which ends the session", () => {
    const { server, serverEnd } = pair(new Api(), { level: "structuredClonable" });
    const shared = [["x"]];
    serverEnd.receiver.receive(["push", ["pipeline", 0, ["echo"], [[[shared, shared]]]]]);
    expect(server.getStats().exports).toBe(0);
  });
});

describe("a transport written for capnweb", () => {
  test("works in pull style, and its failures end the session", async () => {
    const sent: string[] = [];
    const inbox: string[] = [];
    let fail: ((reason: unknown) => void) | undefined;
    const transport = {
      send: async (message: string) => void sent.push(message),
      receive: () =>
        inbox.length > 0
          ? Promise.resolve(inbox.shift() as string)
          : new Promise<string>((_, reject) => {
              fail = reject;
            }),
      abort() {},
    };
    inbox.push('["push",["pipeline",0,["list"],[]]]', '["pull",1]');
    const session = new RpcSession<any>(transport, new Api(), { announce: false });
    await settle();
    expect(sent).toEqual(['["resolve",1,[[1,2]]]']);
    const heard: string[] = [];
    session.getRemoteMain().onRpcBroken((error: Error) => heard.push(error.message));
    fail?.(new Error("line is dead"));
    await settle();
    expect(heard).toEqual(["line is dead"]);
  });

  test("ends the session if its send() rejects", async () => {
    const transport = {
      send: () => Promise.reject(new Error("refused")),
      receive: () => new Promise<string>(() => {}),
    };
    const session = new RpcSession<any>(transport);
    const heard: string[] = [];
    const api = session.getRemoteMain();
    api.onRpcBroken((error: Error) => heard.push(error.message));
    api.anything();
    await settle();
    expect(heard).toEqual(["refused"]);
  });
});
