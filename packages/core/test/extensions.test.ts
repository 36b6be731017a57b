// The behaviour of two sides that announced the extensions of the protocol, and their behaviour
// towards other peers.
import { describe, expect, test } from "vitest";
import { RpcSession, type RpcSessionOptions, RpcTarget, type Transport } from "../src/index.ts";
import type { TransportReceiver } from "../src/transport.ts";
import { failure } from "./support/failure.ts";
import { connectEnds } from "./support/memory-end.ts";
import { settle } from "./support/pair.ts";

class Counter extends RpcTarget {
  #count = 0;
  increment(by = 1) {
    this.#count += by;
    return this.#count;
  }
}

class Api extends RpcTarget {
  readonly #heard: unknown[] = [];
  #numbers: ReadableStreamDefaultController | undefined;
  echo(value: unknown) {
    return value;
  }
  repeat(times: number) {
    return "x".repeat(times);
  }
  async later(value: unknown) {
    return value;
  }
  counter() {
    return new Counter();
  }
  fail(): never {
    throw new RangeError("no");
  }
  hear(value: unknown) {
    this.#heard.push(value);
  }
  heard() {
    return this.#heard;
  }
  size(bytes: Uint8Array) {
    return bytes.byteLength;
  }
  numbers(count: number, staysOpen = false) {
    let n = 0;
    return new ReadableStream({
      start: (controller) => {
        this.#numbers = controller;
      },
      pull(controller) {
        if (n < count) controller.enqueue(n++);
        else if (!staysOpen) controller.close();
      },
    });
  }
  push(value: unknown) {
    this.#numbers?.enqueue(value);
  }
  async write(stream: WritableStream, chunk: Uint8Array) {
    const writer = stream.getWriter();
    await writer.write(chunk);
    await writer.write(chunk.fill(2));
    await writer.close();
  }
  async call(callback: (value: number) => unknown) {
    return [await callback(1), await callback(2)];
  }
  stream(chunks: number, size: number) {
    let left = chunks;
    return new ReadableStream({
      pull(controller) {
        if (left-- === 0) controller.close();
        else controller.enqueue(new Uint8Array(size).fill(left));
      },
    });
  }
}

interface Sides {
  readonly client?: RpcSessionOptions;
  readonly server?: RpcSessionOptions;
  readonly isBinary?: boolean;
}

/** Two sessions that have received each other's announcements, if there are any. */
async function connected({ client, server, isBinary = true }: Sides = {}) {
  const [near, far] = connectEnds({ isBinary });
  const sessions = [
    new RpcSession<any>(near, undefined, client),
    new RpcSession<any>(far, new Api(), server),
  ] as const;
  await settle();
  const announced = { client: near.said(), server: far.said() };
  return {
    api: sessions[0].getRemoteMain() as any,
    near,
    far,
    announced,
    isClean: () =>
      sessions.every((each) => {
        const { imports, exports } = each.getStats();
        return imports === 1 && exports === 1;
      }),
  };
}

describe("the announcement", () => {
  test("is a reject of an id that doesn't exist", async () => {
    const { announced } = await connected();
    const message = [
      "reject",
      2 ** 31 - 1,
      {
        capnweb: {
          features: [["calls", "frames", "bytes", "json", "table", "context"]],
          limits: { maxMessageSize: 33_554_432, maxFrameSize: 33_554_432 },
        },
      },
    ];
    expect(announced).toEqual({ client: [message], server: [message] });
  });

  test("comes second from a side that accepted the connection", async () => {
    const { announced, near, far, api } = await connected({ server: { announce: "reply" } });
    expect(announced.client).toEqual(announced.server);
    near.frames.length = far.frames.length = 0;
    expect(await api.echo(1)).toBe(1);
    expect(near.frames).toEqual(['["stream",["pipeline",0,["echo"],[1]]]']);
  });

  test("isn't sent by a side that accepted the connection of a peer without one", async () => {
    const { announced } = await connected({
      client: { announce: false },
      server: { announce: "reply" },
    });
    expect(announced).toEqual({ client: [], server: [] });
  });

  test.each([2 ** 31 - 1, -1])("may be answered by a release of %i, once", async (id) => {
    const { api, near, far } = await connected({ server: { announce: false } });
    near.receiver.receive(JSON.stringify(["release", id, 1]));
    expect(await api.echo(1)).toBe(1);
    near.receiver.receive(JSON.stringify(["release", id, 1]));
    await settle();
    expect(near.said().at(-1)).toEqual(["abort", expect.arrayContaining(["error"])]);
    expect(far.said()).toEqual([["resolve", 1, 1]]);
  });

  test("of limits fails a call over a limit, and the session goes on", async () => {
    const limits = { maxMessageSize: 1_000 };
    const { api } = await connected({ server: { limits } });
    const longest = "x".repeat(1_000 - 68);
    expect(await api.echo(longest)).toBe(longest);
    for (const value of ["x".repeat(1_000), new Uint8Array(1_001)]) {
      expect(await failure(api.echo(value))).toMatchObject({
        code: "LIMIT",
        limit: "maxMessageSize",
      });
    }
    expect(await api.echo(1)).toBe(1);
  });

  test("of limits fails a call whose result is over a limit", async () => {
    const limits = { maxMessageSize: 1_000 };
    const { api } = await connected({ client: { limits } });
    expect(await failure(api.repeat(1_000))).toMatchObject({
      message: expect.stringContaining("limits.maxMessageSize"),
    });
    expect(await api.echo(1)).toBe(1);
  });

  test("leaves out bytes if the transport can't carry them", async () => {
    const { announced } = await connected({ isBinary: false });
    expect((announced.client[0] as any)[2].capnweb.features).toEqual([
      ["calls", "frames", "json", "table", "context"],
    ]);
  });

  test("is left out if the application says so, and the plain protocol is used", async () => {
    const { api, near, far, announced } = await connected({ client: { announce: false } });
    expect(announced.client).toEqual([]);
    expect(await api.echo(1)).toBe(1);
    await settle();
    expect(near.frames).toEqual([
      '["push",["pipeline",0,["echo"],[1]]]',
      '["pull",1]',
      '["release",1,1]',
    ]);
    expect(far.frames).toEqual(['["resolve",1,1]']);
  });

  test.each([
    ["no object", 1],
    ["null", null],
    ["something else", { capnweb: 1 }],
    ["no list", { capnweb: { v: 1, features: "calls" } }],
    ["what isn't known here", { capnweb: { v: 7, features: [["teleport"]] } }],
  ])("without useful content is ignored: %s", async (_, value) => {
    const { api, near } = await connected({ server: { announce: false } });
    near.receiver.receive(JSON.stringify(["reject", 2 ** 31 - 1, value]));
    expect(await api.echo(1)).toBe(1);
    await settle();
    expect(near.said().map((message: any) => message[0])).toEqual(["push", "pull", "release"]);
  });
});

describe("calls between peers that announced extensions", () => {
  test("take two messages if they are awaited", async () => {
    const { api, near, far, isClean } = await connected();
    expect(await api.echo(1)).toBe(1);
    expect(await api.later(2)).toBe(2);
    await settle();
    expect(near.said()).toEqual([
      ["stream", ["pipeline", 0, ["echo"], [1]]],
      ["stream", ["pipeline", 0, ["later"], [2]]],
    ]);
    expect(far.said()).toEqual([
      ["resolve", 1, 1],
      ["resolve", 2, 2],
    ]);
    expect(isClean()).toBe(true);
  });

  test("have no answer if they aren't awaited", async () => {
    const { api, near, far } = await connected();
    api.hear(1);
    await settle();
    expect(near.said()).toEqual([["push", ["pipeline", 0, ["hear"], [1]]]]);
    expect(far.said()).toEqual([]);
  });

  test.each<[string, (api: any) => Promise<unknown>, unknown]>([
    ["called", async (api) => api.counter().increment(2), 2],
    ["passed on", async (api) => api.echo(api.echo(3)), 3],
    ["mapped", async (api) => api.echo([1, 2]).map((n: any) => api.echo(n)), [1, 2]],
    ["a property of", async (api) => api.echo({ a: { b: 4 } }).a.b, 4],
  ])(
    "allow a pending result that is %s to be referred to in one round trip",
    async (_, use, result) => {
      const { api, near } = await connected();
      expect(await use(api)).toEqual(result);
      await settle();
      expect((near.said() as any)[0][0]).toBe("push");
    },
  );

  test("allow a result that is awaited first to be used later, in order", async () => {
    const { api, isClean } = await connected();
    const counter = api.counter();
    const awaited = counter.then((stub: unknown) => stub);
    await Promise.resolve().then(() => {});
    await Promise.resolve().then(() => {});
    // The call has left as one whose result can't be referred to.
    const counts = [counter.increment(1), counter.increment(10)];
    const other = api.echo(counter);
    const stub = await awaited;
    counts.push(stub.increment(100));
    expect(await Promise.all(counts)).toEqual([1, 11, 111]);
    const same = await other;
    expect(await same.increment(0)).toBe(111);
    for (const each of [stub, counter, same]) each[Symbol.dispose]();
    await settle();
    expect(isClean()).toBe(true);
  });

  test("report failures as usual, and leave nothing behind", async () => {
    const { api, isClean } = await connected();
    expect(await failure(api.fail())).toEqual(new RangeError("no"));
    await settle();
    expect(isClean()).toBe(true);
  });

  test("are made even if their promise is disposed of before they leave", async () => {
    const { api, isClean } = await connected();
    api.hear("said")[Symbol.dispose]();
    expect(await api.heard()).toEqual(["said"]);
    await settle();
    expect(isClean()).toBe(true);
  });

  test("dispose of the result of a canceled call when it arrives", async () => {
    const { api, isClean } = await connected();
    const counter = api.counter();
    const canceled = failure(counter.then((stub: unknown) => stub));
    await settle(0);
    await new Promise<void>((resolve) => queueMicrotask(() => queueMicrotask(resolve)));
    counter[Symbol.dispose]();
    await canceled;
    await settle();
    expect(isClean()).toBe(true);
  });

  test("also take two messages for callbacks", async () => {
    const { api, far, isClean } = await connected();
    expect(await api.call((n: number) => n * 2)).toEqual([2, 4]);
    await settle();
    expect(far.said().map((message: any) => message[0])).toEqual([
      "stream",
      "stream",
      "release",
      "resolve",
    ]);
    expect(isClean()).toBe(true);
  });

  test("may be used with peers that announce nothing, if the application says so", async () => {
    const { api, near } = await connected({
      client: { streamCalls: true },
      server: { announce: false },
    });
    expect(await api.echo(1)).toBe(1);
    expect(near.said()).toEqual([["stream", ["pipeline", 0, ["echo"], [1]]]]);
  });

  test("leave even if the session is ended right after them", async () => {
    const { api, near } = await connected();
    api.hear(1);
    api[Symbol.dispose]();
    expect(near.said()).toEqual([["push", ["pipeline", 0, ["hear"], [1]]]]);
  });
});

describe("frames between peers that announced extensions", () => {
  test("join the messages of a turn", async () => {
    // Independent of the machine's load.
    const options = { limits: { turnBudget: Number.POSITIVE_INFINITY } };
    const { api, near, far } = await connected({ client: options, server: options });
    const calls = Array.from({ length: 100 }, (_, i) => api.echo(i));
    expect(await Promise.all(calls)).toEqual(Array.from({ length: 100 }, (_, i) => i));
    expect(near.frames).toHaveLength(1);
    expect(far.frames).toHaveLength(1);
  });

  test("join small chunks of a stream, and their acknowledgements", async () => {
    const options = { limits: { turnBudget: Number.POSITIVE_INFINITY } };
    const { api, near, far } = await connected({ client: options, server: options });
    const received: unknown[] = [];
    for await (const chunk of await api.numbers(200)) received.push(chunk);
    expect(received).toEqual(Array.from({ length: 200 }, (_, i) => i));
    await settle();
    expect(near.frames.length).toBeLessThan(20);
    expect(far.frames.length).toBeLessThan(20);
    expect(far.said().filter(([tag]: any) => tag === "stream")).toHaveLength(201);
    expect(near.said().filter(([tag]: any) => tag === "resolve")).toHaveLength(201);
  });

  test("don't keep a small chunk back until another follows", async () => {
    const { api } = await connected();
    const reader = (await api.numbers(1, true)).getReader();
    expect((await reader.read()).value).toBe(0);
    await api.push(1);
    expect((await reader.read()).value).toBe(1);
    await reader.cancel();
  });

  test("don't join large messages", async () => {
    const { api, near } = await connected();
    const large = "x".repeat(50_000);
    const calls = [api.echo(large), api.echo(large), api.echo(large)];
    // They aren't held back either, so that the peer has work meanwhile.
    expect(near.frames.map((frame) => frame.length)).toEqual([50_037, 50_037, 50_037]);
    expect(await Promise.all(calls)).toEqual([large, large, large]);
  });

  test("are understood even if the peer's announcement was lost", async () => {
    const { api, near } = await connected({ server: { announce: false } });
    const [first, second] = [api.echo(1), api.echo(2)];
    near.receiver.receive(
      '["reject",1,["error","Error","one"]]\n["reject",2,["error","Error","two"]]',
    );
    expect((await failure(first)).message).toBe("one");
    expect((await failure(second)).message).toBe("two");
  });

  test("may contain one message laid out over several lines", async () => {
    const { far } = await connected({ client: { announce: false } });
    const message = ["push", ["pipeline", 0, ["echo"], [[[[[1]], [[2]]]]]]];
    far.receiver.receive(JSON.stringify(message, null, 2).replaceAll(",", "\n,\n"));
    far.receiver.receive('["pull",1]');
    await settle();
    expect(far.said()).toEqual([["resolve", 1, [[[[1]], [[2]]]]]]);
  });

  test("put messages that a transport causes while it sends after earlier ones", async () => {
    class Server extends RpcTarget {
      big() {
        return "x".repeat(10_000);
      }
    }
    const sent: any[] = [];
    let receiver!: TransportReceiver;
    const session = new RpcSession<any>(
      {
        encodingLevel: "jsonCompatible",
        start: (to) => {
          receiver = to;
        },
        send(message: any) {
          sent.push(message);
          if (message[1][2]?.[0] === "first") {
            receiver.receive(["stream", ["pipeline", 0, ["big"], []]]);
          }
        },
        abort() {},
      },
      new Server(),
      { streamCalls: true },
    );
    const api = session.getRemoteMain();
    for (const call of [api.first(), api.second()]) call.catch(() => {});
    await settle();
    expect(sent.slice(1).map(([tag, what]) => (tag === "stream" ? what[2] : tag))).toEqual([
      ["first"],
      ["second"],
      "resolve",
    ]);
  });

  test("end the session at a bad message, and ignore the rest", async () => {
    const { far } = await connected();
    far.receiver.receive('["push",["pipeline",0,["hear"],[1]]]\n["nonsense"]\n["pull",1]');
    await settle();
    expect(far.said().map((message: any) => message[0])).toEqual(["abort"]);
  });
});

describe("bytes between peers that announced extensions", () => {
  const KILOBYTE = new Uint8Array(1_000);
  const isBytes = (frame: unknown): frame is Uint8Array => frame instanceof Uint8Array;
  const call = (...args: unknown[]) => JSON.stringify(["push", ["pipeline", 0, ["size"], args]]);

  test("go in frames of their own both ways, and arrive unchanged", async () => {
    const { api, near, far } = await connected();
    const bytes = Uint8Array.from({ length: 2_000 }, (_, i) => i);
    const echoed = await api.echo({ first: bytes, second: [bytes.subarray(500)] });
    expect([...echoed.first]).toEqual([...bytes]);
    expect([...echoed.second[0]]).toEqual([...bytes.subarray(500)]);
    const value = { first: ["bytes", 2_000], second: [[["bytes", 1_500]]] };
    const frames = [Buffer.from(bytes), Buffer.from(bytes.subarray(500))];
    expect(near.said()).toEqual([...frames, ["stream", ["pipeline", 0, ["echo"], [value]]]]);
    expect(far.said()).toEqual([...frames, ["resolve", 1, value]]);
  });

  test("leave right before the text with their message", async () => {
    const { api, near } = await connected();
    const calls = [1, KILOBYTE, 2, KILOBYTE, KILOBYTE, 3].map((value) => api.echo(value));
    await Promise.all(calls);
    const frames = near.frames.map((frame) =>
      isBytes(frame) ? frame.length : frame.split("\n").length,
    );
    expect(frames).toEqual([1, 1_000, 2, 1_000, 1, 1_000, 2]);
  });

  test("are taken in order by the messages of a text", async () => {
    const { far } = await connected();
    far.receiver.receive(new Uint8Array(600));
    far.receiver.receive(new Uint8Array(700));
    far.receiver.receive(
      `${call(["bytes", 600])}\n["pull",1]\n${call(["bytes", 700])}\n["pull",2]`,
    );
    await settle();
    expect(far.said()).toEqual([
      ["resolve", 1, 600],
      ["resolve", 2, 700],
    ]);
  });

  test("arrive in a buffer of their own", async () => {
    const { api, near, far } = await connected();
    expect((await api.echo(KILOBYTE.buffer)).byteLength).toBe(1_000);
    const echoed = await api.echo([KILOBYTE, new Float64Array(200)]);
    expect(echoed[0].buffer.byteLength).toBe(1_000);
    expect(echoed[1]).toEqual(new Float64Array(200));
    // A view of a part of the bytes that the medium read at once, and a view of all of them.
    const [part, whole] = [Buffer.alloc(4_000).subarray(1_000, 2_000), new Uint8Array(1_000)];
    const values = [api.later(1), api.later(2)];
    await settle();
    far.receiver.close(new Error("not to answer"));
    for (const [i, frame] of [part, whole].entries()) {
      near.receiver.receive(frame);
      near.receiver.receive(`["resolve",${i + 3},["bytes",1000]]`);
    }
    const [copied, kept] = (await Promise.all(values)) as Buffer[];
    expect(copied?.buffer.byteLength).toBe(1_000);
    expect(kept?.buffer).toBe(whole.buffer);
    expect([copied, kept].every(Buffer.isBuffer)).toBe(true);
  });

  test("are copied at the time of the call", async () => {
    const { api } = await connected();
    const bytes = new Uint8Array(1_000).fill(1);
    const echoed = api.echo(bytes);
    bytes.fill(2);
    expect((await echoed)[0]).toBe(1);
  });

  test("of a writer are copied at the time of the write", async () => {
    const { api } = await connected();
    const { readable, writable } = new TransformStream();
    const written = api.write(writable, new Uint8Array(1_000).fill(1));
    const chunks: Uint8Array[] = [];
    for await (const chunk of readable) chunks.push(chunk);
    await written;
    expect(chunks.map(([first]) => first)).toEqual([1, 2]);
  });

  test("of a stream leave without a copy", async () => {
    const { api, near } = await connected();
    const bytes = new Uint8Array(1_000).fill(1);
    const stream = new ReadableStream({
      start(controller) {
        controller.enqueue(bytes);
        controller.close();
      },
    });
    const echoed = await api.echo(stream);
    for await (const chunk of echoed) expect(chunk[0]).toBe(1);
    expect(near.frames.find(isBytes)?.buffer).toBe(bytes.buffer);
  });

  test("count against a stream's window", async () => {
    const { api, near, far } = await connected();
    const stream = await api.stream(20, 65_536);
    // From now on, nothing is acknowledged.
    near.send = () => {};
    await settle();
    expect(far.frames.filter(isBytes)).toHaveLength(4);
    stream.cancel().catch(() => {});
  });

  test("are sent in the text if they are few", async () => {
    const { api, near } = await connected();
    await api.echo(new Uint8Array(10));
    expect(near.frames).toEqual([
      '["stream",["pipeline",0,["echo"],[["bytes","AAAAAAAAAAAAAA"]]]]',
    ]);
  });

  test("are carried in frames by streams", async () => {
    const { api, far, isClean } = await connected();
    let length = 0;
    for await (const chunk of await api.stream(20, 4_000)) length += chunk.length;
    expect(length).toBe(80_000);
    expect(far.frames.filter(isBytes)).toHaveLength(20);
    await settle();
    expect(isClean()).toBe(true);
  });

  test("stay with their message if a getter makes a call meanwhile", async () => {
    const { api } = await connected();
    let inner: Promise<Uint8Array> | undefined;
    const value = {
      before: new Uint8Array(1_000).fill(1),
      get between() {
        // Read twice: by the encoder, and when text is made of it.
        inner = api.echo(new Uint8Array(2_000).fill(2));
        return 1;
      },
      after: new Uint8Array(3_000).fill(3),
    };
    const { before, after } = await api.echo(value);
    expect([before.length, before[0], after.length, after[0]]).toEqual([1_000, 1, 3_000, 3]);
    expect((await inner)?.length).toBe(2_000);
  });

  test("stay with their message if onSendError makes a call", async () => {
    let api: any;
    const inner: Promise<Uint8Array>[] = [];
    const onSendError = () => {
      inner.push(api.echo(new Uint8Array(2_000).fill(2)));
    };
    ({ api } = await connected({ client: { onSendError } }));
    const sent = [new Uint8Array(1_000).fill(1), new Error("sent"), new Uint8Array(3_000).fill(3)];
    const [before, , after] = await api.echo(sent);
    expect([before.length, before[0], after.length, after[0]]).toEqual([1_000, 1, 3_000, 3]);
    expect((await Promise.all(inner)).map(({ length }) => length)).toEqual([2_000]);
  });

  test("of a call that can't be made aren't sent with the next", async () => {
    const { api, near } = await connected();
    let looks = 0;
    const value = {
      bytes: KILOBYTE,
      get fails() {
        if (++looks > 1) throw new Error("seen twice");
        return 1;
      },
    };
    await failure((async () => api.echo(value))());
    expect(await api.echo(1)).toBe(1);
    expect(near.frames.filter(isBytes)).toEqual([]);
  });

  test("are taken by the text after them, whatever arrives meanwhile", async () => {
    const { far } = await connected();
    let api: any;
    const session = new RpcSession<any>(
      {
        start: (receiver) => {
          api = receiver;
        },
        isBinary: true,
        send() {},
        abort() {},
      },
      {
        hear(bytes: Uint8Array) {
          if (bytes.length !== 600) return;
          api.receive(new Uint8Array(800));
          api.receive(`["push",["pipeline",0,["hear"],[["bytes",800]]]]`);
        },
      },
    );
    for (const size of [600, 700]) api.receive(new Uint8Array(size));
    api.receive(
      [600, 700].map((size) => `["push",["pipeline",0,["hear"],[["bytes",${size}]]]]`).join("\n"),
    );
    expect(session.getStats().exports).toBe(4);
    expect(far.said()).toEqual([]);
  });

  test.each<[string, Uint8Array[], string]>([
    ["that is empty", [new Uint8Array(0)], '["pipe"]'],
    ["for a message that takes none", [KILOBYTE], '["pipe"]'],
    ["too many", [KILOBYTE, KILOBYTE], call(["bytes", 1_000])],
    ["too few", [KILOBYTE], call(["bytes", 1_000], ["bytes", 1_000])],
    ["shorter than the message says", [KILOBYTE], call(["bytes", 1_001])],
    ["longer than the message says", [KILOBYTE], call(["bytes", 999])],
    ["in another order", [KILOBYTE, new Uint8Array(1)], call(["bytes", 1], ["bytes", 1_000])],
    ["that a length which is none takes", [KILOBYTE], call(["bytes", -1])],
    ["of a message that can't be read", [KILOBYTE], "nonsense"],
  ])("end the session if the frames don't fit: %s", async (_, frames, text) => {
    const { far } = await connected();
    for (const frame of frames) far.receiver.receive(frame);
    far.receiver.receive(text);
    await settle();
    expect(far.said().map((message: any) => message[0])).toEqual(["abort"]);
  });

  test.each([
    ["one over it", [1_001]],
    ["several that are over it together", [600, 600]],
    ["many small ones", Array.from({ length: 3 }, () => 1)],
  ])("obey the limit for messages: %s", async (_, sizes) => {
    const { far } = await connected({ server: { limits: { maxMessageSize: 1_000 } } });
    for (const size of sizes) far.receiver.receive(new Uint8Array(size));
    await settle();
    const limit = expect.stringMatching(/1000/);
    const named = { code: "LIMIT", limit: "maxMessageSize" };
    expect(far.said()).toEqual([["abort", ["error", "TypeError", limit, null, named]]]);
  });

  test("are refused by a side that announced nothing", async () => {
    const { far } = await connected({ server: { announce: false } });
    far.receiver.receive(KILOBYTE);
    await settle();
    expect(far.said()).toEqual([["abort", ["error", "Error", expect.stringMatching(/binary/)]]]);
  });

  test("stay with a value whose neighbour can't be sent", async () => {
    const errorProperties = ["lost", "kept"];
    const { api } = await connected({ client: { errorProperties }, server: { errorProperties } });
    const error = Object.assign(new Error("with"), {
      lost: [new Uint8Array(1_000).fill(1), Symbol("lost")],
      kept: new Uint8Array(1_000).fill(2),
    });
    const echoed = await api.echo(error);
    expect(echoed.lost).toBeUndefined();
    expect(echoed.kept[0]).toBe(2);
  });
});

describe("an announcement that a transport delivers early", () => {
  const ANNOUNCED = '["reject",2147483647,{"capnweb":{"features":[["calls","frames"]]}}]';

  /**
   * A transport that delivers the peer's announcement while the session calls its method `when`.
   */
  class EagerEnd implements Transport {
    readonly sent: unknown[] = [];
    readonly #when: "start" | "send";
    #receiver!: TransportReceiver;
    constructor(when: "start" | "send") {
      this.#when = when;
    }
    start(receiver: TransportReceiver) {
      this.#receiver = receiver;
      if (this.#when === "start") receiver.receive(ANNOUNCED);
    }
    send(message: unknown) {
      this.sent.push(message);
      if (this.#when === "send" && this.sent.length === 1) this.#receiver.receive(ANNOUNCED);
    }
    abort() {}
  }

  test.each(["start", "send"] as const)(
    "from %s() is kept, so that calls leave as one message",
    async (when) => {
      const end = new EagerEnd(when);
      const session = new RpcSession<Api>(end);
      const result = session.getRemoteMain().echo(1);
      result.then(undefined, () => {});
      await settle();
      expect(end.sent.filter((message) => message !== end.sent[0])).toEqual([
        '["stream",["pipeline",0,["echo"],[1]]]',
      ]);
    },
  );
});
