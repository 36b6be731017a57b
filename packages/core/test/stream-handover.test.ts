import { describe, expect, test } from "vitest";
import { RpcStub, RpcTarget } from "../src/index.ts";
import { failure } from "./support/failure.ts";
import { pair, settle } from "./support/pair.ts";

/** A sink that notes its calls. */
function sink() {
  const got: unknown[] = [];
  const stream = new WritableStream({
    write: (chunk) => void got.push(chunk),
    close: () => void got.push("closed"),
    abort: (reason) => void got.push(`aborted: ${reason.message}`),
  });
  return { got, stream };
}

/** A source of `chunks` that then stays idle. It notes its cancellation. */
function idle(...chunks: unknown[]) {
  const canceled: string[] = [];
  const stream = new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
    },
    cancel: (reason) => void canceled.push(`${reason?.message ?? reason}`),
  });
  return { canceled, stream };
}

async function fill(stream: any) {
  const writer = stream.getWriter();
  await writer.write("a");
  await writer.close();
}

const UNCLOSED = "aborted: WritableStream RPC stub was disposed without calling close()";
const UNREAD = "ReadableStream RPC stub was disposed without being consumed";

class Filler extends RpcTarget {
  async fill(stream: unknown) {
    await fill(stream);
  }
  async fillIn({ deep: [stream] }: { deep: [unknown] }) {
    await fill(stream);
  }
}

describe("a writable that was received", () => {
  const next = pair(new Filler());

  class Main extends RpcTarget {
    readonly made = sink();
    kept: any;
    make() {
      return this.made.stream;
    }
    echo(stream: unknown) {
      return stream;
    }
    async wrap(stream: unknown) {
      return { deep: [stream] };
    }
    pass(stream: unknown) {
      return next.api.fill(stream as any);
    }
    async passInside(stream: unknown) {
      await next.api.fillIn({ deep: [stream] } as any);
    }
    passUnawaited(stream: unknown) {
      void next.api.fill(stream as any).then(() => {});
    }
    call(callback: () => unknown) {
      return callback();
    }
    async callBack(callback: (stream: unknown) => unknown, stream: unknown) {
      await callback(stream);
    }
    takeOn(stream: any) {
      this.kept = stream.getWriter();
    }
    keep(stream: any) {
      this.kept = stream;
    }
    async fail(stream: any) {
      this.kept = stream.getWriter();
      throw new Error("no");
    }
    fill(stream: unknown) {
      return fill(stream);
    }
  }

  type Handover = (api: any, stream: unknown, main: Main) => unknown;
  const handovers: [string, Handover][] = [
    ["as a result", async (api, stream) => fill(await api.echo(stream))],
    ["in a result", async (api, stream) => fill((await api.wrap(stream)).deep[0])],
    [
      "as a result's promise, to the same session",
      async (api, stream) => {
        using returned = api.echo(stream);
        await api.fill(returned);
      },
    ],
    [
      "as a property's promise",
      async (api, stream) => {
        using wrapped = api.wrap(stream);
        await api.fill(wrapped.deep[0]);
      },
    ],
    ["to another session, as what the method returns", (api, stream) => api.pass(stream)],
    ["to another session, in an object", (api, stream) => api.passInside(stream)],
    [
      "to another session, by a call that isn't awaited",
      (api, stream) => api.passUnawaited(stream),
    ],
    ["to a callback", (api, stream) => api.callBack((given: any) => fill(given), stream)],
    [
      "to a callback that hands it on to another session",
      (api, stream) => api.callBack((given: any) => next.api.fill(given), stream),
    ],
    ["back and forth", async (api, stream) => api.fill(await api.echo(await api.echo(stream)))],
    ["from one session to another", async (api, stream) => next.api.fill(await api.echo(stream))],
    ["as a promise, from one session to another", (api, stream) => next.api.fill(api.echo(stream))],
    [
      "as a result that is disposed of after it was handed on",
      async (api, stream) => {
        const result = await api.wrap(stream);
        const filled = next.api.fill(result.deep[0]);
        result[Symbol.dispose]();
        await filled;
      },
    ],
    [
      "through map()",
      async (api, stream) => {
        using returned = api.echo(stream);
        await returned.map((each: unknown) => api.fill(each));
      },
    ],
    [
      "in a list that is mapped",
      async (api, stream) => {
        using wrapped = api.wrap(stream);
        const [each] = await wrapped.deep.map((given: unknown) => given);
        await fill(each);
      },
    ],
    ["as what a callback returns", async (api, stream) => fill(await api.call(() => stream))],
    [
      "in a chunk of another stream",
      async (api, stream) => {
        const { readable, writable } = new TransformStream();
        const reading = (async () => {
          for await (const { inner } of readable as any) await fill(inner);
        })();
        await (async () => {
          const writer = ((await api.echo(writable)) as WritableStream).getWriter();
          await writer.write({ inner: stream });
          await writer.close();
        })();
        await reading;
      },
    ],
  ];
  test.each(handovers)("can be handed on %s", async (_how, handOver) => {
    const { got, stream } = sink();
    const main = new Main();
    const { api, isClean } = pair(main);
    const result: any = await handOver(api, stream, main);
    await settle(20);
    expect(got).toEqual(["a", "closed"]);
    expect(result).toBeUndefined();
    expect(isClean() && next.isClean()).toBe(true);
  });

  test("belongs to the method once it has the writer, even after it has returned", async () => {
    const { got, stream } = sink();
    const main = new Main();
    const { api, isClean } = pair(main);
    await api.takeOn(stream);
    await settle();
    expect(got).toEqual([]);
    await main.kept.write("late");
    await main.kept.close();
    expect(got).toEqual(["late", "closed"]);
    await settle();
    expect(isClean()).toBe(true);
  });

  test("is aborted when the method returns without taking it, and says so to a late writer", async () => {
    const { got, stream } = sink();
    const main = new Main();
    const { api, isClean } = pair(main);
    await api.keep(stream);
    await settle();
    expect(got).toEqual([UNCLOSED]);
    const error = await failure(main.kept.getWriter().write("late"));
    expect(error).toMatchObject({ code: "DISPOSED", message: /before that/ });
    expect(isClean()).toBe(true);
  });

  test("is aborted when the method fails", async () => {
    const { got, stream } = sink();
    const main = new Main();
    const { api, isClean } = pair(main);
    await failure(api.fail(stream) as any);
    await settle();
    expect(got).toEqual([UNCLOSED]);
    expect(isClean()).toBe(true);
  });

  test("is aborted when the result with it is disposed of, in use or not", async () => {
    for (const use of [() => {}, (stream: any) => stream.getWriter()]) {
      const main = new Main();
      const { api, isClean } = pair(main);
      const stream: any = await api.make();
      const writer = use(stream);
      stream[Symbol.dispose]();
      await settle();
      expect(main.made.got).toEqual([UNCLOSED]);
      if (writer) expect((await failure(writer.closed)).code).toBe("DISPOSED");
      expect(isClean()).toBe(true);
    }
  });

  test("is aborted when the result isn't asked for", async () => {
    const main = new Main();
    const { api, isClean } = pair(main);
    (api.make() as any)[Symbol.dispose]();
    await settle();
    expect(main.made.got).toEqual([UNCLOSED]);
    expect(isClean()).toBe(true);
  });

  test("is aborted for all if the one it was passed to gives it up", async () => {
    const { got, stream } = sink();
    const main = new Main();
    const { api, isClean } = pair(main);
    const returned: any = await api.echo(stream);
    returned[Symbol.dispose]();
    await settle(10);
    expect(got).toEqual([UNCLOSED]);
    expect(isClean()).toBe(true);
  });

  test("fails at the one it was passed to when its session ends", async () => {
    const { got, stream } = sink();
    let writer!: WritableStreamDefaultWriter;
    class Keeper extends RpcTarget {
      take(given: any) {
        writer = given.getWriter();
      }
    }
    const far = pair(new Keeper());
    class Middle extends RpcTarget {
      pass(given: unknown) {
        return far.api.take(given as any);
      }
    }
    const { api, clientEnd, serverEnd } = pair(new Middle());
    await api.pass(stream);
    clientEnd.receiver.close(new Error("cut"));
    serverEnd.receiver.close(new Error("cut"));
    expect((await failure(writer.closed)).message).toBe("cut");
    expect(got).toEqual(["aborted: cut"]);
    await settle();
    expect(far.isClean()).toBe(true);
  });

  test("behaves the same behind a local stub", async () => {
    const taken = sink();
    const main = new Main();
    using stub: any = new RpcStub(main);
    await stub.takeOn(taken.stream);
    await main.kept.write("late");
    await main.kept.close();
    expect(taken.got).toEqual(["late", "closed"]);

    const ignored = sink();
    await stub.keep(ignored.stream);
    expect(ignored.got).toEqual([UNCLOSED]);

    const returned = sink();
    await fill(await stub.echo(returned.stream));
    expect(returned.got).toEqual(["a", "closed"]);
  });
});

describe("streams in arguments of a call that isn't made are ended at once", () => {
  class Main extends RpcTarget {
    readonly notCallable = undefined;
    async take(_value: unknown, _streams: unknown) {}
    reject() {
      return Promise.reject(new Error("no"));
    }
  }
  const calls: [string, (api: any, streams: unknown, cut: () => void) => unknown][] = [
    ["there is no such method", (api, streams) => api.nothing(streams)],
    ["another argument can't travel", (api, streams) => api.take(Symbol("x"), streams)],
    ["a later argument can't travel", (api, streams) => api.take(streams, Symbol("x"))],
    [
      "another argument's promise rejects",
      async (api, streams) => {
        using rejecting = api.reject();
        await api.take(rejecting, streams);
      },
    ],
    [
      "what it is made on rejects",
      async (api, streams) => {
        using rejecting = api.reject();
        await rejecting.take(1, streams);
      },
    ],
    [
      "the session is over",
      (api, streams, cut) => {
        cut();
        return api.take(1, streams);
      },
    ],
    [
      "the session ends before the answer",
      (api, streams, cut) => {
        const result = api.take(1, streams);
        cut();
        return result;
      },
    ],
    [
      "the stub was disposed of",
      (api, streams) => {
        const stub = api.take.dup();
        stub[Symbol.dispose]();
        return stub(1, streams);
      },
    ],
  ];
  test.each(calls)("because %s", async (_why, call) => {
    const source = idle("chunk");
    const { got, stream } = sink();
    const { api, clientEnd, serverEnd, isClean } = pair(new Main());
    let isCut = false;
    const cut = () => {
      isCut = true;
      for (const { receiver } of [clientEnd, serverEnd]) receiver.close(new Error("cut"));
    };
    const streams = { readable: source.stream, writable: stream };
    await failure((async () => await call(api, streams, cut))() as any);
    await settle(10);
    expect(source.canceled).toHaveLength(1);
    expect(got).toEqual([expect.stringMatching(/^aborted/)]);
    expect(isCut || isClean()).toBe(true);
  });
});

describe("a readable that was received", () => {
  class Main extends RpcTarget {
    kept: any;
    source = idle(1);
    make() {
      return this.source.stream;
    }
    makeTwo() {
      return [this.source.stream, "other"];
    }
    keep(stream: unknown) {
      this.kept = stream;
    }
    takeOn(stream: any) {
      this.kept = stream.getReader();
    }
    echo(stream: unknown) {
      return stream;
    }
    async read(stream: any) {
      const reader = stream.getReader();
      const { value } = await reader.read();
      await reader.cancel("enough");
      return value;
    }
    async readBody(response: Response) {
      return response.text();
    }
  }

  test("fails if it is read after its method has returned", async () => {
    const { canceled, stream } = idle("chunk");
    const main = new Main();
    const { api, isClean } = pair(main);
    await api.keep(stream);
    await settle();
    expect((await failure(main.kept.getReader().read())).message).toBe(UNREAD);
    expect(canceled).toEqual([UNREAD]);
    expect(isClean()).toBe(true);
  });

  test("fails in the same way behind a local stub", async () => {
    const { canceled, stream } = idle("chunk");
    const main = new Main();
    using stub: any = new RpcStub(main);
    await stub.keep(stream);
    expect(canceled).toEqual([UNREAD]);
    expect(() => main.kept.getReader()).toThrow(TypeError);
  });

  test("fails in the same way as the body of a response", async () => {
    const { canceled, stream } = idle(new Uint8Array(3));
    const main = new Main();
    const { api, isClean } = pair(main);
    await api.keep(new Response(stream));
    await settle();
    await failure(main.kept.text());
    expect(canceled).toEqual([UNREAD]);
    expect(isClean()).toBe(true);
  });

  test("belongs to the method once it has the reader", async () => {
    const { canceled, stream } = idle("chunk");
    const main = new Main();
    const { api, isClean } = pair(main);
    await api.takeOn(stream);
    await settle();
    expect(await main.kept.read()).toEqual({ done: false, value: "chunk" });
    await main.kept.cancel(new Error("enough"));
    await settle();
    expect(canceled).toEqual(["enough"]);
    expect(isClean()).toBe(true);
  });

  test("can be passed on as the body of a response", async () => {
    const source = idle(new Uint8Array([65]));
    class Far extends RpcTarget {
      fetch() {
        return new Response(source.stream, { status: 201 });
      }
    }
    const far = pair(new Far());
    class Middle extends RpcTarget {
      pass() {
        return far.api.fetch();
      }
      async look() {
        return await far.api.fetch();
      }
    }
    for (const method of ["pass", "look"] as const) {
      const fresh = idle(new Uint8Array([65]));
      source.stream = fresh.stream;
      const { api } = pair(new Middle());
      const response: any = await api[method]();
      expect(response.status).toBe(201);
      const reader = response.body.getReader();
      expect((await reader.read()).value).toEqual(Buffer.from("A"));
      await reader.cancel("enough");
      await settle(10);
      expect(fresh.canceled).toEqual(["enough"]);
    }
  });

  test("can be passed on: returned, as a promise, through map(), in a property's promise", async () => {
    const handovers: ((api: any) => unknown)[] = [
      (api) => api.read(api.make()),
      (api) => api.read(api.echo(api.make())),
      async (api) => api.read(await api.echo(await api.make())),
      (api) => api.read(api.makeTwo()[0]),
      (api) => api.make().map((stream: unknown) => api.read(stream)),
      async (api) => {
        const [stream] = await api.makeTwo().map((each: unknown) => each);
        const reader = stream.getReader();
        const { value } = await reader.read();
        await reader.cancel("enough");
        return value;
      },
    ];
    for (const handOver of handovers) {
      const main = new Main();
      const { api } = pair(main);
      expect(await handOver(api)).toBe(1);
      await settle(10);
      expect(main.source.canceled).toEqual(["enough"]);
    }
  });
});
