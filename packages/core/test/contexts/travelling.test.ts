import { describe, expect, it } from "vitest";
import { callOptions, type RpcSessionOptions, RpcStub, RpcTarget } from "../../src/index.ts";
import { Application, aborted } from "../support/application.ts";
import { failure } from "../support/failure.ts";
import { pair, scripted, settle } from "../support/pair.ts";

const ID = 2 ** 31 - 1;

/** The message that sends a context. */
const telling = (context: unknown) => ["reject", ID, { capnweb: { context } }];

/** The message with which a peer announces that it knows contexts. */
const ANNOUNCING = ["reject", ID, { capnweb: { features: [["context"]] } }];

async function connected(options: RpcSessionOptions = {}) {
  const main = new Application();
  const ours = { announce: true, ...options };
  const connection = pair(main, { client: ours, server: ours });
  await connection.api.echo(0);
  connection.clientEnd.sent.length = 0;
  /** The contexts that the client has sent. */
  const told = () =>
    connection.clientEnd.sent
      .filter(([tag, id]) => tag === "reject" && id === ID)
      .map(([, , { capnweb }]) => capnweb.context);
  return { main, told, ...connection };
}

describe("a context", () => {
  it("is sent before the first call that has it, and again only when it changes", async () => {
    const { api, told, clientEnd } = await connected();
    const a = callOptions(api, { metadata: { tenant: "a" } });
    const b = callOptions(api, { traceparent: "00-a-b-01", tracestate: "x=1" });
    await Promise.all([a.context(), a.echo(1), b.context(), b.context(), api.context()]);
    await api.echo(1);
    expect(told()).toEqual([
      { metadata: { tenant: "a" }, as: 0 },
      { traceparent: "00-a-b-01", tracestate: "x=1" },
      {},
    ]);
    const tags = clientEnd.sent.map(([tag]) => tag);
    expect(tags.slice(0, 4)).toEqual(["reject", "stream", "stream", "reject"]);
  });

  it("names metadata that the peer keeps instead of sending it again", async () => {
    const { api, told } = await connected();
    const text = "x".repeat(10_000);
    // A new object each time, as in a gateway's methods, and two clients in turn.
    for (let i = 0; i < 6; i++) {
      const tenant = i % 2;
      const calls = callOptions(api, { metadata: { tenant, text } });
      expect((await calls.context()).metadata).toEqual({ tenant, text });
    }
    expect(told().slice(0, 2)).toEqual([
      { metadata: { tenant: 0, text }, as: 0 },
      { metadata: { tenant: 1, text }, as: 1 },
    ]);
    expect(told().slice(2)).toEqual([0, 1, 0, 1].map((metadata) => ({ metadata })));
  });

  it("has the peer keep few sets of metadata, those used last", async () => {
    const { api, told } = await connected();
    const use = async (tenant: number) => {
      const calls = callOptions(api, { metadata: { tenant } });
      expect((await calls.context()).metadata).toEqual({ tenant });
      return told().at(-1);
    };
    for (let i = 0; i < 16; i++) expect(await use(i)).toEqual({ metadata: { tenant: i }, as: i });
    expect(await use(0)).toEqual({ metadata: 0 });
    // The first of them was used again, so the second one goes.
    expect(await use(16)).toEqual({ metadata: { tenant: 16 }, as: 1 });
    expect(await use(0)).toEqual({ metadata: 0 });
    expect(await use(1)).toEqual({ metadata: { tenant: 1 }, as: 2 });
  });

  it("applies to exactly the calls that follow it", async () => {
    const { api } = await connected();
    const tenants = ["a", undefined, "b", "b", undefined, "a"];
    const results = tenants.map((tenant) =>
      (tenant === undefined ? api : callOptions(api, { metadata: { tenant } })).context(),
    );
    const found = (await Promise.all(results)).map(({ metadata }) => metadata.tenant);
    expect(found).toEqual(tenants);
  });

  it("belongs to its message, however late the call begins", async () => {
    const { api } = await connected();
    let resolve!: (value: unknown) => void;
    const argument = new Promise((yes) => {
      resolve = yes;
    });
    const late = (callOptions(api, { metadata: { tenant: "a" } }) as any).context(argument);
    const other = callOptions(api, { metadata: { tenant: "b" } }).context();
    await other;
    resolve(1);
    expect((await late).metadata).toEqual({ tenant: "a" });
  });

  it("contains the remaining time, in whole milliseconds", async () => {
    const { api, told } = await connected();
    const { left } = await callOptions(api, { timeout: 500 }).context();
    expect(left).toBeLessThanOrEqual(501);
    expect(left).toBeGreaterThan(100);
    const [{ deadline }] = told();
    expect(Number.isInteger(deadline)).toBe(true);
    expect(deadline).toBeLessThanOrEqual(500);
  });

  it("reaches map(), property reads, and each element's call", async () => {
    const { api } = await connected();
    const calls = callOptions(api, { metadata: { tenant: "a" } });
    const found: any = await calls.users().map(() => api.context());
    expect(found.map((each: any) => each.metadata)).toEqual([{ tenant: "a" }, { tenant: "a" }]);
    expect((await calls.child.context()).metadata).toEqual({ tenant: "a" });
  });

  it.each(["jsonCompatible", "jsonCompatibleWithBytes", "structuredClonable"] as const)(
    "travels at the level %s",
    async (level) => {
      const options = { announce: true };
      const { api } = pair(new Application(), { level, client: options, server: options });
      await api.echo(0);
      const { metadata, left } = await callOptions(api, {
        timeout: 5_000,
        metadata: { list: [1, [2]], text: "a" },
      }).context();
      expect(metadata).toEqual({ list: [1, [2]], text: "a" });
      expect(left).toBeLessThanOrEqual(5_001);
    },
  );

  it("isn't sent to a peer that hasn't announced contexts", async () => {
    const { api, sent, say } = scripted(undefined, { announce: true });
    const calls = callOptions(api, { metadata: { tenant: "a" }, timeout: 1_000 });
    failure(calls.first());
    say(["reject", ID, { capnweb: { features: [["calls", "frames"]] } }]);
    failure(calls.second());
    await settle();
    expect(JSON.stringify(sent)).not.toContain("tenant");
    say(ANNOUNCING);
    failure(calls.third());
    await settle();
    expect(JSON.stringify(sent)).toContain('"metadata":{"tenant":"a"}');
  });

  it("isn't sent over the published protocol", async () => {
    const { api, clientEnd } = pair(new Application());
    expect((await callOptions(api, { metadata: { tenant: "a" } }).context()).metadata).toEqual({});
    expect(clientEnd.sent.map(([tag]) => tag)).not.toContain("reject");
  });
});

describe("a hostile peer", () => {
  /** A session of ours that receives given messages, and the contexts that its methods see. */
  function server(options: RpcSessionOptions = {}) {
    const main = new Application();
    const peer = scripted(main, { announce: true, ...options });
    let id = 0;
    const context = async () => {
      peer.say(["stream", ["pipeline", 0, ["context"], []]]);
      id++;
      await settle();
      const answers: any[] = peer.sent.flat(0);
      return answers.find(([tag, which]) => tag === "resolve" && which === id)?.[2];
    };
    return { main, context, ...peer };
  }

  it.each([
    ["no object", 5],
    ["null", null],
    ["a list", []],
    ["members of wrong types", { deadline: "soon", traceparent: 5, tracestate: {} }],
    ["a deadline that is no number", { deadline: null }],
    ["texts that are too long", { traceparent: "x".repeat(200), tracestate: "x".repeat(600) }],
    ["members of later versions", { priority: 5 }],
  ])("may send %s as a context, which is ignored", async (_name, said) => {
    const { say, context, ended } = server();
    say(telling(said));
    expect(await context()).toEqual({
      left: ["undefined"],
      metadata: {},
      traceparent: ["undefined"],
      tracestate: ["undefined"],
    });
    expect(ended).toEqual({});
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, -0, "1", {}])(
    "can't break a session with a deadline of %s",
    async (deadline) => {
      const main = new Application();
      const options = { announce: true };
      const { api, client, clientEnd } = pair(main, {
        level: "structuredClonable",
        client: options,
        server: options,
      });
      await api.echo(0);
      clientEnd.send(telling({ deadline }));
      expect(await api.echo(1)).toBe(1);
      expect(client.getStats().imports).toBe(1);
    },
  );

  it("gets an aborted signal for a deadline that has passed", async () => {
    const { say, main } = server();
    for (const deadline of [0, -5, -1e308]) say(telling({ deadline }));
    say(["push", ["pipeline", 0, ["hang"], []]]);
    const { signal } = await main.begun();
    expect(await aborted(signal)).toMatchObject({ code: "DEADLINE" });
  });

  it.each([
    ["large", { text: "x".repeat(20_000) }, "maxMetadataSize"],
    ["long", { list: Array.from({ length: 5_000 }, () => 1) }, "maxMetadataSize"],
  ])("ends its session with %s metadata", async (_name, metadata, limit) => {
    const { say, ended } = server();
    say(telling({ metadata }));
    await settle();
    expect(ended.reason).toMatchObject({ code: "LIMIT", limit });
  });

  it("ends its session with deep metadata, and with a list of holes", async () => {
    let deep: unknown = {};
    for (let i = 0; i < 300; i++) deep = [deep];
    const first = server();
    first.say(telling({ metadata: { deep } }));
    await settle();
    expect(first.ended.reason).toMatchObject({ code: "TOO_DEEP" });
    const holes = new Array(4e9);
    const options = { announce: true };
    const { api, clientEnd } = pair(new Application(), {
      level: "structuredClonable",
      client: options,
      server: options,
    });
    await api.echo(0);
    const { peer } = clientEnd;
    peer.receiver.receive(telling({ metadata: { holes } }));
    await settle();
    expect(await failure(api.echo(1))).toBeDefined();
  });

  it("ends its session with metadata over the session's own maxMetadataSize", async () => {
    const { say, ended } = server({ limits: { maxMetadataSize: 100 } });
    say(telling({ metadata: { text: "x".repeat(100) } }));
    await settle();
    expect(ended.reason).toMatchObject({ limit: "maxMetadataSize" });
  });

  it("pays for the contexts of calls that are under way, each with another one", async () => {
    const { say, ended, main } = server({ limits: { maxHeldBytes: 1_000_000 } });
    for (let i = 0; i < 200 && !ended.reason; i++) {
      say(telling({ metadata: { text: `${i}`.padEnd(10_000, "x") } }));
      say(["stream", ["pipeline", 0, ["hang"], []]]);
      if (i % 10 === 0) await settle();
    }
    await settle();
    expect(ended.reason).toMatchObject({ limit: "maxHeldBytes" });
    expect(main.hanging.length).toBeLessThan(60);
  });

  it("gets back the room of contexts that are over", async () => {
    const { say, context, ended } = server({ limits: { maxHeldBytes: 300_000 } });
    for (let i = 0; i < 500; i++) {
      say(telling({ metadata: { text: `${i}`.padEnd(10_000, "x") } }));
      say(["stream", ["pipeline", 0, ["echo"], [i]]]);
      if (i % 10 === 0) await settle();
    }
    await settle();
    expect(ended).toEqual({});
    void context;
  });

  it("can't make a gateway lose its own peer with metadata that the gateway adds to", async () => {
    const options = { announce: true };
    const back = pair(new Application(), { client: options, server: options });
    await back.api.echo(0);
    class Gateway extends RpcTarget {
      echo(value: unknown, callback?: unknown) {
        const own = callOptions(back.api as any, { metadata: { from: "x".repeat(200) } });
        return own.echo(value, callback);
      }
    }
    const front = pair(new Gateway(), { client: options, server: options });
    await front.api.echo(0);
    const hostile: any = callOptions(front.api, { metadata: { text: "x".repeat(16_300) } });
    expect(await failure(hostile.echo(1, () => {}))).toMatchObject({ limit: "maxMetadataSize" });
    expect(await front.api.echo(2)).toBe(2);
    await settle();
    expect(back.isClean()).toBe(true);
  });

  it("is asked to respect a maxMetadataSize other than the default", async () => {
    const { api } = pair(new Application(), {
      client: { announce: true },
      server: { announce: true, limits: { maxMetadataSize: 100 } },
    });
    await api.echo(0);
    const large = callOptions(api, { metadata: { text: "x".repeat(200) } });
    expect(await failure(large.echo(1))).toMatchObject({ limit: "maxMetadataSize" });
    expect(await api.echo(2)).toBe(2);
  });

  it("can't send a trace that breaks the headers in which it is handed on", async () => {
    const { say, context } = server();
    say(telling({ traceparent: "00-a\r\nx: y", tracestate: "é" }));
    const { traceparent, tracestate } = await context();
    expect([traceparent, tracestate]).toEqual([["undefined"], ["undefined"]]);
  });

  it("ends its session with a number that it gave no metadata", () => {
    for (const metadata of [0, 15, 16, -1, 0.5, 1e9]) {
      const { say, ended } = scripted(new Application(), { announce: true });
      say(telling({ metadata: { a: 1 }, as: 1 }));
      say(telling({ metadata }));
      expect(ended.reason).toMatchObject({ message: `No metadata was sent as ${metadata}.` });
    }
  });

  it("can't have more metadata kept than fits the memory of its session", () => {
    const limits = { maxHeldBytes: 200_000 };
    const { say, ended } = scripted(new Application(), { announce: true, limits });
    const text = "x".repeat(10_000);
    for (let i = 0; i < 1_000; i++) say(telling({ metadata: { text }, as: i % 4 }));
    for (const as of [-1, 0.5, 16, "0", null]) say(telling({ metadata: { text }, as }));
    expect(ended).toEqual({});
    for (let as = 4; as < 16; as++) say(telling({ metadata: { text }, as }));
    expect(ended.reason).toMatchObject({ code: "LIMIT", limit: "maxHeldBytes" });
  });

  it("can't send metadata that isn't plain data, or reaches Object.prototype", async () => {
    const { say, context, ended } = server();
    say(
      `["reject",${ID},{"capnweb":{"context":{"metadata":{"__proto__":{"a":1},"toJSON":1,"b":2}}}}]`,
    );
    expect((await context()).metadata).toEqual({ b: 2 });
    say(telling({ metadata: [1] }));
    await settle();
    expect(ended.reason).toMatchObject({ code: "PROTOCOL" });
  });

  it("has no effect with floods of contexts, or of cancellations", async () => {
    const { say, context, session, main, ended } = server();
    for (let i = 0; i < 2_000; i++) {
      say(telling({ deadline: i + 10_000, metadata: { i } }));
      say(["reject", ID, { capnweb: { cancel: i - 5 } }]);
    }
    expect((await context()).metadata).toEqual({ i: 1_999 });
    say(["reject", ID, { capnweb: { cancel: 0 } }]);
    say(["reject", ID, { capnweb: { cancel: { a: 1 } } }]);
    say(["reject", ID, { capnweb: { cancel: 1e308 } }]);
    expect(await context()).toBeDefined();
    expect([session.getStats().exports, main.hanging.length, ended]).toEqual([1, 0, {}]);
  });

  it("can only cancel calls, not revoke what the session exported", async () => {
    const main = new Application();
    const { say, sent, ended } = scripted(main, { announce: true });
    say(["push", ["pipeline", 0, ["self"], []]]);
    say(["pull", 1]);
    await settle();
    const [, , [, id]] = sent.find(([tag]) => tag === "resolve");
    for (const each of [0, 1, id]) say(["reject", ID, { capnweb: { cancel: each } }]);
    say(["stream", ["pipeline", 0, ["echo"], [7]]]);
    await settle();
    expect(sent).toContainEqual(["resolve", 2, 7]);
    expect(ended).toEqual({});
  });
});

describe("a call sent as stream", () => {
  it("is cancelled by a message of the extension, and still answered", async () => {
    const { api, main, clientEnd, serverEnd, isClean } = await connected();
    const promise = api.hang();
    const outcome = failure(promise);
    const { signal } = await main.begun();
    promise[Symbol.dispose]();
    await aborted(signal);
    await outcome;
    await settle();
    const sent = clientEnd.sent.map(([tag, , value]) => [tag, value?.capnweb?.cancel]);
    expect(sent).toEqual([
      ["stream", undefined],
      ["reject", 2],
    ]);
    expect(serverEnd.sent.at(-1)[0]).toBe("reject");
    expect(isClean()).toBe(true);
  });

  it("goes on if the peer doesn't know the message", async () => {
    const { api, sent, say, session } = scripted(undefined, { announce: true, streamCalls: true });
    const promise = api.anything();
    const outcome = failure(promise);
    await settle();
    promise[Symbol.dispose]();
    await outcome;
    await settle();
    expect(sent.map(([tag]) => tag)).toEqual(["reject", "stream"]);
    say(["resolve", 1, 5]);
    await settle();
    expect(session.getStats().imports).toBe(1);
  });

  it("is cancelled with the call that made it", async () => {
    const service = new Application();
    const back = pair(service, { client: { announce: true }, server: { announce: true } });
    await back.api.echo(0);
    const gateway = new RpcStub({ run: async () => await back.api.hang() });
    const promise = gateway.run();
    const outcome = failure(promise);
    const { signal } = await service.begun();
    expect(back.clientEnd.sent.at(-1)[0]).toBe("stream");
    promise[Symbol.dispose]();
    await aborted(signal);
    await outcome;
  });
});
