import { describe, expect, test } from "vitest";
import { RpcPromise, RpcStub, RpcTarget } from "../src/index.ts";
import { failure } from "./support/failure.ts";
import { pair, scripted, settle } from "./support/pair.ts";
import { unhandledRejections } from "./support/unhandled.ts";

const UNREAD = "ReadableStream RPC stub was disposed without being consumed";

/** A source of `chunks` that then stays idle. It notes its cancellation. */
class Idle {
  readonly canceled: string[] = [];
  controller!: ReadableStreamDefaultController;
  readonly stream: ReadableStream;

  constructor(...chunks: unknown[]) {
    this.stream = new ReadableStream({
      start: (controller) => {
        this.controller = controller;
        for (const chunk of chunks) controller.enqueue(chunk);
      },
      cancel: (reason) => void this.canceled.push(`${reason?.message ?? reason}`),
    });
  }
}

async function readAll(stream: any) {
  const chunks: unknown[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
}

class Api extends RpcTarget {
  source = new Idle(1);
  sinkController!: WritableStreamDefaultController;
  readonly written: unknown[] = [];

  read(stream: unknown) {
    return readAll(stream);
  }
  make() {
    return this.source.stream;
  }
  async makeLater() {
    return { deep: [this.source.stream] };
  }
  response() {
    return new Response(this.source.stream);
  }
  sink() {
    return new WritableStream({
      start: (controller) => {
        this.sinkController = controller;
      },
      write: (chunk) => void this.written.push(chunk),
      abort: (reason) => void this.written.push(`aborted: ${reason.message}`),
    });
  }
  async readOne(stream: any) {
    for await (const chunk of stream) return chunk;
  }
  async ignore(_stream: unknown) {}
  async write(stream: any, chunk: unknown) {
    const writer = stream.getWriter();
    await writer.write(chunk);
    await writer.close();
  }
  async writeBad(stream: any) {
    const writer = stream.getWriter();
    await writer.write({ deep: Symbol("x") });
    await writer.close();
  }
  call(callback: (stream: unknown) => unknown, ...chunks: unknown[]) {
    this.source = new Idle(...chunks);
    return callback(this.source.stream);
  }
}

class Unsendable {}

const unsendable: [string, () => unknown, RegExp][] = [
  ["a symbol", () => Symbol("x"), /Cannot serialize value/],
  ["an instance of a class, deep inside", () => ({ deep: [new Unsendable()] }), /serialize value/],
  [
    "an object with a getter that throws",
    () => ({
      get it() {
        throw new RangeError("out of order");
      },
    }),
    /out of order/,
  ],
  [
    "a cycle",
    () => {
      const cycle: unknown[] = [];
      cycle.push(cycle);
      return cycle;
    },
    /depth/,
  ],
  [
    "a stream that is locked",
    () => {
      const stream = new ReadableStream();
      stream.getReader();
      return stream;
    },
    /locked/,
  ],
];

describe.each(unsendable)("a chunk that can't be sent: %s", (_name, make, message) => {
  test("ends a result's stream at both ends", async () => {
    const main = new Api();
    main.source = new Idle("first", make());
    const { api, isClean } = pair(main);
    expect((await failure(readAll(await api.make()))).message).toMatch(message);
    await settle();
    expect(main.source.canceled).toEqual([expect.stringMatching(message)]);
    expect(isClean()).toBe(true);
  });

  test("ends an argument's stream at both ends", async () => {
    const { api, isClean } = pair(new Api());
    const source = new Idle("first", make());
    expect((await failure(api.read(source.stream))).message).toMatch(message);
    await settle();
    expect(source.canceled).toEqual([expect.stringMatching(message)]);
    expect(isClean()).toBe(true);
  });

  test("fails the write, and aborts the sink", async () => {
    const main = new Api();
    const { api, isClean } = pair(main);
    const writer = ((await api.sink()) as WritableStream).getWriter();
    await writer.write("first");
    expect((await failure(writer.write(make()))).message).toMatch(message);
    expect((await failure(writer.closed)).message).toMatch(message);
    expect((await failure(writer.close())).message).toMatch(message);
    await settle();
    expect(main.written).toEqual(["first", expect.stringMatching(message)]);
    expect(isClean()).toBe(true);
  });
});

describe("a value that can't be sent", () => {
  test("fails a method's write to an argument, and aborts the caller's sink", async () => {
    const { api, isClean } = pair(new Api());
    const aborted: string[] = [];
    const stream = new WritableStream({ abort: (reason) => void aborted.push(reason.message) });
    expect((await failure(api.writeBad(stream))).message).toMatch(/serialize value/);
    await settle();
    expect(aborted).toEqual([expect.stringMatching(/serialize value/)]);
    expect(isClean()).toBe(true);
  });

  test("as the reason of an abort is replaced by the error that says so", async () => {
    const main = new Api();
    const { api, isClean } = pair(main);
    await ((await api.sink()) as WritableStream).abort(Symbol("x"));
    await settle();
    expect(main.written).toEqual([expect.stringMatching(/^aborted: Cannot serialize value/)]);
    expect(isClean()).toBe(true);
  });

  test("as a source's error fails the reader with the error that says so", async () => {
    const main = new Api();
    const { api, isClean } = pair(main);
    const reading = failure(readAll(await api.make()));
    main.source.controller.error(new Unsendable());
    expect((await reading).message).toMatch(/Cannot serialize value/);
    await settle();
    expect(isClean()).toBe(true);
  });

  test("ends the stream at both ends if it is a promise in a chunk that rejects", async () => {
    const main = new Api();
    const { api, isClean } = pair(main);
    const unhandled = await unhandledRejections(async () => {
      const late = new RpcPromise(Promise.reject(new Error("never came")));
      main.source = new Idle("first", { late });
      expect((await failure(readAll(await api.make()))).message).toBe("never came");
      await settle();
    });
    expect(main.source.canceled).toEqual(["never came"]);
    expect(unhandled).toEqual([]);
    expect(isClean()).toBe(true);
  });

  test("ends the stream on a transport of trees too", async () => {
    for (const level of ["jsonCompatible", "structuredClonable"] as const) {
      const main = new Api();
      main.source = new Idle("first", Symbol("x"));
      const { api, isClean } = pair(main, { level });
      expect((await failure(readAll(await api.make()))).message).toMatch(/serialize value/);
      await settle();
      expect(isClean()).toBe(true);
    }
  });
});

describe("one stream in two places is refused at the call", () => {
  const twice: [string, () => unknown, RegExp][] = [
    [
      "a readable",
      () => {
        const stream = new ReadableStream();
        return [stream, { again: stream }];
      },
      /already/,
    ],
    [
      "a writable",
      () => {
        const stream = new WritableStream();
        return [stream, { again: stream }];
      },
      /already/,
    ],
    [
      "a response",
      () => {
        const response = new Response("text");
        return { a: response, b: response };
      },
      /already/,
    ],
    [
      "a request",
      () => {
        const request = new Request("http://a/", { method: "POST", body: "text" });
        return [request, request];
      },
      /already/,
    ],
    [
      "a response and its body",
      () => {
        const response = new Response("text");
        return [response, response.body];
      },
      /already/,
    ],
    [
      "a response whose body is locked",
      () => {
        const response = new Response("text");
        response.body!.getReader();
        return response;
      },
      /locked/,
    ],
  ];
  test.each(twice)("%s", async (_name, make, message) => {
    class Main extends Api {
      bad() {
        return make();
      }
    }
    const { api, clientEnd, isClean } = pair(new Main());
    let thrown: any;
    try {
      api.ignore(make());
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ code: "UNENCODABLE", message: expect.stringMatching(message) });
    expect(clientEnd.sent).toEqual([]);
    expect((await failure((api as any).bad())).message).toMatch(message);
    await settle();
    expect(isClean()).toBe(true);
  });

  test("if it is a body that was read", async () => {
    const { api } = pair(new Api());
    const response = new Response("text");
    await response.text();
    expect(() => api.ignore(response)).toThrow(/already read/);
    const request = new Request("http://a/", { method: "POST", body: "text" });
    await request.text();
    expect(() => api.ignore(request)).toThrow(/already read/);
  });

  test("but not if it is a blob, or a response and its clone", async () => {
    class Main extends Api {
      async texts(...bodies: any[]) {
        return Promise.all(bodies.map((body) => body.text()));
      }
    }
    const { api } = pair(new Main());
    const blob = new Blob(["abc"]);
    const response = new Response("def");
    expect(await (api as any).texts(blob, blob, response.clone(), response)).toEqual([
      "abc",
      "abc",
      "def",
      "def",
    ]);
  });

  test("but not if both ends of one TransformStream are sent", async () => {
    class Main extends Api {
      async both({ readable, writable }: any) {
        const [chunks] = await Promise.all([readAll(readable), this.write(writable, "through")]);
        return chunks;
      }
    }
    const { api, isClean } = pair(new Main());
    const { readable, writable } = new TransformStream();
    expect(await (api as any).both({ readable, writable })).toEqual(["through"]);
    await settle();
    expect(isClean()).toBe(true);
  });
});

describe("an idle source learns at once that its reader is gone", () => {
  const ways: [string, (api: any, main: Api) => unknown, string][] = [
    [
      "cancel()",
      async (api) => {
        const reader = (await api.make()).getReader();
        await reader.read();
        await reader.cancel(new Error("enough"));
      },
      "enough",
    ],
    ["cancel() before the first read", async (api) => (await api.make()).cancel("no"), "no"],
    [
      "leaving a loop",
      async (api) => {
        for await (const _chunk of await api.make()) break;
      },
      "undefined",
    ],
    [
      "an error in a loop",
      async (api) => {
        await failure(
          (async () => {
            for await (const _chunk of await api.make()) throw new Error("oops");
          })(),
        );
      },
      "undefined",
    ],
    ["disposal of the result", async (api) => (await api.make())[Symbol.dispose](), UNREAD],
    [
      "disposal of a result that it is in",
      async (api) => (await api.makeLater())[Symbol.dispose](),
      UNREAD,
    ],
    [
      "disposal of the promise after it was awaited",
      async (api) => {
        const promise = api.make();
        await promise;
        promise[Symbol.dispose]();
      },
      UNREAD,
    ],
    [
      "disposal of the promise before its result has come",
      async (api) => {
        const promise = api.makeLater();
        void promise.catch(() => {});
        promise[Symbol.dispose]();
      },
      UNREAD,
    ],
    [
      "disposal of a promise that nobody awaited",
      async (api) => {
        const promise = api.makeLater();
        await settle();
        promise[Symbol.dispose]();
      },
      UNREAD,
    ],
    [
      "cancel() of a response's body",
      async (api, main) => {
        main.source = new Idle(new Uint8Array(2));
        await (await api.response()).body.cancel("enough");
      },
      "enough",
    ],
    [
      "a callback that stops reading",
      async (api) => {
        await api.call(async (stream: any) => {
          for await (const _chunk of stream) break;
        }, 1);
      },
      "undefined",
    ],
    ["a callback that doesn't read", (api) => api.call(() => {}, 1), UNREAD],
  ];
  test.each(ways)("%s", async (_name, act, reason) => {
    const main = new Api();
    const { api, isClean } = pair(main);
    const unhandled = await unhandledRejections(() => act(api, main));
    await settle();
    expect(main.source.canceled).toEqual([reason]);
    expect(unhandled).toEqual([]);
    expect(isClean()).toBe(true);
  });

  test("from a stream of bytes, and one of a TransformStream", async () => {
    const canceled: unknown[] = [];
    class Main extends Api {
      bytes() {
        return new ReadableStream({
          type: "bytes",
          start: (controller) => controller.enqueue(new Uint8Array(3)),
          cancel: (reason) => void canceled.push(reason),
        });
      }
      transformed() {
        return this.source.stream.pipeThrough(new TransformStream());
      }
    }
    const main = new Main();
    const { api, isClean } = pair(main);
    for (const stream of [await api.bytes(), await api.transformed()] as any[]) {
      const reader = stream.getReader();
      await reader.read();
      await reader.cancel("enough");
    }
    await settle();
    expect(canceled).toEqual(["enough"]);
    expect(main.source.canceled).toEqual(["enough"]);
    expect(isClean()).toBe(true);
  });

  test("from a stream in a chunk of another stream", async () => {
    const inner = new Idle(1);
    const main = new Api();
    main.source = new Idle({ inner: inner.stream });
    const { api, isClean } = pair(main);
    const reader = (await api.make()).getReader() as ReadableStreamDefaultReader<any>;
    const { value } = await reader.read();
    await value.inner.cancel("inner is enough");
    await reader.cancel("enough");
    await settle();
    expect(inner.canceled).toEqual(["inner is enough"]);
    expect(main.source.canceled).toEqual(["enough"]);
    expect(isClean()).toBe(true);
  });

  test("from a stream that was passed as an argument", async () => {
    const { api, isClean } = pair(new Api());
    const read = new Idle("one");
    expect(await api.readOne(read.stream)).toBe("one");
    const ignored = new Idle("one");
    await api.ignore({ deep: ignored.stream });
    await settle();
    expect(read.canceled).toEqual(["undefined"]);
    expect(ignored.canceled).toEqual([UNREAD]);
    expect(isClean()).toBe(true);
  });

  test("from a stream that was passed on across two sessions", async () => {
    const main = new Api();
    const far = pair(main);
    class Middle extends RpcTarget {
      make() {
        return far.api.make();
      }
    }
    const { api, isClean } = pair(new Middle());
    const reader = ((await api.make()) as any).getReader();
    await reader.read();
    await reader.cancel("enough");
    await settle(20);
    expect(main.source.canceled).toEqual(["enough"]);
    expect(isClean() && far.isClean()).toBe(true);
  });
});

describe("the end of a session reaches an idle source", () => {
  const ends: [string, (sides: ReturnType<typeof pair<Api>>) => void][] = [
    [
      "the client's connection is lost",
      ({ clientEnd }) => clientEnd.receiver.close(new Error("cut")),
    ],
    [
      "the server's connection is lost",
      ({ serverEnd }) => serverEnd.receiver.close(new Error("cut")),
    ],
    ["the client disposes of its main stub", ({ api }) => (api as any)[Symbol.dispose]()],
    [
      "the server disposes of its main stub",
      ({ server }) => (server.getRemoteMain() as any)[Symbol.dispose](),
    ],
    ["the client says what it mustn't", ({ serverEnd }) => serverEnd.receiver.receive("[]")],
  ];
  const moments: [string, (api: any) => Promise<any>][] = [
    ["before the stream is read", (api) => api.make()],
    [
      "while it is read",
      async (api) => {
        const reader = (await api.make()).getReader();
        await reader.read();
        return reader;
      },
    ],
  ];
  for (const [when, begin] of moments) {
    test.each(ends)(`${when}: %s`, async (_name, end) => {
      const main = new Api();
      const sides = pair(main);
      const held = await begin(sides.api);
      const argument = new Idle(1);
      const reading = failure(sides.api.read(argument.stream));
      await settle();
      const unhandled = await unhandledRejections(() => {
        end(sides);
        // A link that is lost is lost for both.
        sides.clientEnd.receiver.close(new Error("cut"));
        sides.serverEnd.receiver.close(new Error("cut"));
      });
      expect(main.source.canceled).toHaveLength(1);
      expect(argument.canceled).toHaveLength(1);
      await reading;
      const reader = "read" in held ? held : held.getReader();
      await failure(reader.read());
      expect(unhandled).toEqual([]);
    });
  }
});

describe("the failure of a sink", () => {
  test("reaches a writer that writes nothing: closed, ready, the next write, close()", async () => {
    const main = new Api();
    const { api, isClean } = pair(main);
    const writer = ((await api.sink()) as WritableStream).getWriter();
    await writer.write("a");
    await settle();
    main.sinkController.error(new RangeError("full"));
    expect(await failure(writer.closed)).toMatchObject({ name: "RangeError", message: "full" });
    expect((await failure(writer.ready)).message).toBe("full");
    expect((await failure(writer.write("b"))).message).toBe("full");
    expect((await failure(writer.close())).message).toBe("full");
    await settle();
    expect(isClean()).toBe(true);
  });

  test("reaches a writer whose write had been taken", async () => {
    class Main extends RpcTarget {
      sink() {
        return new WritableStream({
          write() {
            throw new RangeError("full");
          },
        });
      }
    }
    const { api, isClean } = pair(new Main());
    const stream = (await api.sink()) as WritableStream;
    const writer = stream.getWriter();
    await writer.write("a");
    expect((await failure(writer.closed)).message).toBe("full");
    expect((await failure(writer.close())).message).toBe("full");
    writer.releaseLock();
    expect((await failure(stream.close())).message).toBe("full");
    await settle();
    expect(isClean()).toBe(true);
  });

  test("reaches the writer of an argument's stream, and a pipe into it", async () => {
    let controller!: WritableStreamDefaultController;
    const stream = new WritableStream({
      start(own) {
        controller = own;
      },
    });
    const source = new Idle("a");
    class Main extends RpcTarget {
      pipe(given: WritableStream) {
        return source.stream.pipeTo(given);
      }
    }
    const { api, isClean } = pair(new Main());
    const piped = failure(api.pipe(stream as any) as any);
    await settle();
    controller.error(new Error("full"));
    expect((await piped).message).toBe("full");
    expect(source.canceled).toEqual(["full"]);
    await settle();
    expect(isClean()).toBe(true);
  });

  test("is reported once if a write's answer reports it", async () => {
    class Main extends RpcTarget {
      sink() {
        return new WritableStream({
          write() {
            throw new Error("full");
          },
        });
      }
    }
    const { say, sent } = scripted(new Main());
    say(["push", ["pipeline", 0, ["sink"], []]]);
    say(["pull", 1]);
    await settle();
    say(["stream", ["pipeline", -1, ["write"], ["a"]]]);
    await settle();
    expect(sent.slice(1)).toEqual([["reject", 2, ["error", "Error", "full"]]]);
  });
});

test("a pipe's failure isn't sent to a peer that learned, or asks, that it can't be pulled", async () => {
  for (const isFirst of [true, false]) {
    const { say, sent } = scripted(new Api());
    say(["pipe"]);
    say(["push", ["pipeline", 0, ["ignore"], [["readable", 1]]]]);
    if (isFirst) say(["pull", 1]);
    await settle();
    if (!isFirst) say(["pull", 1]);
    await settle();
    expect(sent.filter(([tag, id]) => tag === "reject" && id === 1)).toHaveLength(1);
  }
});

describe("with a peer that doesn't know rejected pipes", () => {
  test("the rejection of a pipe cancels its source, and the pipe is released once", async () => {
    const main = new Api();
    const { say, sent, ended, session } = scripted(main);
    say(["push", ["pipeline", 0, ["make"], []]]);
    say(["pull", 1]);
    await settle();
    say(["resolve", 2, ["undefined"]]);
    await settle();
    sent.length = 0;
    say(["reject", 1, ["error", "Error", "enough"]]);
    // In flight at the same time as the release.
    say(["reject", 1, ["error", "Error", "enough"]]);
    say(["release", 1, 1]);
    await settle();
    expect(main.source.canceled).toEqual(["enough"]);
    expect(sent).toEqual([["release", 1, 1]]);
    expect(ended).toEqual({});
    expect(session.getStats()).toEqual({ imports: 1, exports: 1 });
  });

  test("writes in flight when the reader canceled are answered", async () => {
    const { say, sent, ended } = scripted(new Api());
    say(["pipe"]);
    say(["push", ["pipeline", 0, ["readOne"], [["readable", 1]]]]);
    say(["stream", ["pipeline", 1, ["write"], ["a"]]]);
    await settle();
    expect(sent).toHaveLength(2);
    expect(sent).toContainEqual(["resolve", 3, ["undefined"]]);
    expect(sent).toContainEqual(["reject", 1, ["undefined"]]);
    say(["stream", ["pipeline", 1, ["write"], ["b"]]]);
    say(["stream", ["pipeline", 1, ["close"], []]]);
    say(["release", 1, 1]);
    await settle();
    expect(sent.slice(2).map(([tag, id]) => [tag, id])).toEqual([
      ["reject", 4],
      ["reject", 5],
    ]);
    expect(ended).toEqual({});
  });

  test("a pipe that is resolved to something ends the session, and so the source", async () => {
    const main = new Api();
    const { say, ended } = scripted(main);
    say(["push", ["pipeline", 0, ["make"], []]]);
    say(["pull", 1]);
    await settle();
    say(["resolve", 1, { write: 1 }]);
    await settle();
    expect(main.source.canceled).toHaveLength(1);
    expect(ended.reason).toMatchObject({ code: "PROTOCOL" });
  });
});

test("a local stub's stream is canceled when the result is disposed of", async () => {
  const main = new Api();
  using stub: any = new RpcStub(main);
  const result = await stub.makeLater();
  result[Symbol.dispose]();
  expect(main.source.canceled).toEqual([UNREAD]);
});

describe("a Blob that is being collected", () => {
  const blob = [
    ["pipe"],
    ["stream", ["pipeline", 1, ["write"], [["bytes", "YWJj"]]]],
    ["resolve", 1, { deep: ["blob", "", ["readable", 1]] }],
  ];

  test("is canceled at its sender when its call is disposed of", async () => {
    const { api, say, sent, session } = scripted();
    const call = api.make();
    const failed = failure(call);
    await settle();
    for (const message of blob) say(message);
    await settle();
    sent.length = 0;
    call[Symbol.dispose]();
    expect(await failed).toMatchObject({ code: "CANCELED" });
    await settle();
    const text = expect.stringMatching(/canceled/);
    expect(sent).toContainEqual(["reject", 1, ["error", "Error", text]]);
    say(["release", 1, 1]);
    await settle();
    expect(session.getStats()).toEqual({ imports: 1, exports: 1 });
  });

  test("stays when its value is disposed of after it has arrived", async () => {
    const { api, say, sent } = scripted();
    const call = api.make();
    const result = call.then((value: unknown) => value);
    await settle();
    for (const message of [...blob, ["stream", ["pipeline", 1, ["close"], []]]]) say(message);
    const value: any = await result;
    value[Symbol.dispose]();
    expect(await value.deep.text()).toBe("abc");
    expect(sent.filter(([tag]) => tag === "reject")).toEqual([]);
  });
});
