import { RpcTarget } from "@capnweb/core";
import { describe, expect, test } from "vitest";
import { newHttpBatchRpcSession, nodeHttpBatchRpcResponse } from "../src/index.ts";
import { type Api, failure, listen, serve } from "./support.ts";

/** A stream of chunks that are there already. Unless `isIdle`, it then ends. */
function source(chunks: unknown[], isIdle = false, canceled = () => {}) {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      if (!isIdle) controller.close();
    },
    cancel: canceled,
  });
}

async function readAll(stream: any) {
  const chunks: unknown[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
}

describe("a batch with streams", () => {
  class Streams extends RpcTarget {
    readonly #canceled: () => void;
    constructor(canceled: () => void) {
      super();
      this.#canceled = canceled;
    }
    make(...chunks: unknown[]) {
      return source(chunks);
    }
    idle() {
      return source(["chunk"], true, this.#canceled);
    }
    async later() {
      await new Promise((resolve) => setImmediate(resolve));
      return { blob: new Blob(["abc"]), response: new Response("def") };
    }
    read(stream: unknown) {
      return readAll(stream);
    }
    async write(stream: any) {
      const writer = stream.getWriter();
      await writer.write("chunk");
      await writer.close();
    }
  }
  const start = async (canceled = () => {}) => {
    const url = await listen(
      (request, response) =>
        void nodeHttpBatchRpcResponse(request, response, new Streams(canceled)),
    );
    return newHttpBatchRpcSession<any>(url);
  };

  test.each([[[]], [["one"]], [["one", "two", { three: 3 }]]])(
    "carries a stream in a result: %j",
    async (chunks) => {
      const api = await start();
      expect(await readAll(await api.make(...chunks))).toEqual(chunks);
    },
  );

  test("carries a stream in an argument", async () => {
    const api = await start();
    expect(await api.read(source(["one", "two"]))).toEqual(["one", "two"]);
  });

  test("carries blobs and bodies", async () => {
    const api = await start();
    const { blob, response } = await api.later();
    expect(await Promise.all([blob.text(), response.text()])).toEqual(["abc", "def"]);
  });

  test("fails if a stream has more than its window, and doesn't cut the stream short", async () => {
    const api = await start();
    const chunks = Array(40).fill("x".repeat(16_384));
    expect((await failure(readAll(await api.make(...chunks)))).message).toMatch(/Batch/);
  });

  test("fails an idle stream, and cancels its source, once the response is complete", async () => {
    let canceled!: () => void;
    const isCanceled = new Promise<void>((resolve) => {
      canceled = resolve;
    });
    const api = await start(canceled);
    expect((await failure(readAll(await api.idle()))).message).toMatch(/Batch/);
    await isCanceled;
  });

  test("aborts the client's sink, because the server can't write to it", async () => {
    const api = await start();
    let abort!: (reason: unknown) => void;
    const aborted = new Promise<unknown>((resolve) => {
      abort = resolve;
    });
    const failed = await failure(api.write(new WritableStream({ abort })));
    expect(failed.message).toMatch(/WebSocket/);
    expect(await aborted).toBeInstanceOf(Error);
  });
});

describe("a batch", () => {
  test("carries every call of a turn in one request", async () => {
    const { url, requests, disposed } = await serve();
    const api = newHttpBatchRpcSession<Api>(url);
    const list = api.numbers(3).map((n) => api.add(n, 10));
    const [sum, mapped] = await Promise.all([api.add(api.add(1, 2), 3), list]);
    expect([sum, mapped]).toEqual([6, [10, 11, 12]]);
    expect(requests()).toBe(1);
    expect(disposed).toEqual(["main"]);
  });

  test("collects calls until the microtask queue has drained", async () => {
    const { url, requests } = await serve();
    const api = newHttpBatchRpcSession<Api>(url);
    const first = api.add(1, 1).then((value) => value);
    for (let i = 0; i < 5; i++) await Promise.resolve();
    const second = api.add(2, 2);
    expect(await Promise.all([first, second])).toEqual([2, 4]);
    expect(requests()).toBe(1);
  });

  test("may have thousands of calls", async () => {
    const { url, requests } = await serve();
    const api = newHttpBatchRpcSession<Api>(url);
    const results = await Promise.all(Array.from({ length: 5000 }, (_, i) => api.add(i, 1)));
    expect(results.at(-1)).toBe(5000);
    expect(requests()).toBe(1);
  });

  test("is over when its response has arrived", async () => {
    const { url } = await serve();
    const api = newHttpBatchRpcSession<Api>(url);
    expect(await api.add(1, 1)).toBe(2);
    const error = await failure(api.add(1, 1));
    expect(error.code).toBe("BATCH_ENDED");
    expect(error.message).toMatch(/^Batch RPC request ended\. .*start another batch/);
    expect(await failure(api.echo(1))).toBe(error);
  });

  test("accepts a response whose chunks split characters", async () => {
    const bytes = Buffer.from('["resolve",1,"\u00e9\u{1f642}"]');
    const body = new ReadableStream({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    const fetch = async () => new Response(body);
    const api = newHttpBatchRpcSession<Api>("http://nowhere.invalid/", { fetch });
    expect(await api.echo(1)).toBe("\u00e9\u{1f642}");
  });

  test("without calls makes no request", async () => {
    const { url, requests } = await serve();
    newHttpBatchRpcSession<Api>(url);
    await newHttpBatchRpcSession<Api>(url).add(1, 1);
    expect(requests()).toBe(1);
  });

  test("fails a call from the server to the client, and answers the others", async () => {
    const { url } = await serve();
    const api = newHttpBatchRpcSession<Api>(url);
    const [called, sum] = await Promise.allSettled([api.call(() => 5), api.add(1, 2)]);
    expect(called).toMatchObject({
      reason: { message: expect.stringMatching(/can't answer.*WebSocket/s) },
    });
    expect(sum).toMatchObject({ value: 3 });
  });

  test("rejects only the call that fails", async () => {
    const { url } = await serve();
    const api = newHttpBatchRpcSession<Api>(url);
    const [failed, sum] = await Promise.allSettled([api.fail(), api.add(1, 2)]);
    expect(failed).toMatchObject({ reason: { name: "RangeError", message: "failed" } });
    expect(sum).toMatchObject({ value: 3 });
  });
});

describe("the request of a batch", () => {
  test("takes a string, a URL or a Request, and keeps the Request's headers", async () => {
    const seen: (string | undefined)[] = [];
    const url = await listen((request, response) => {
      seen.push(
        `${request.method} ${request.url} ${request.headers["x-a"]} ${request.headers["x-b"]}`,
      );
      response.end();
    });
    const headers = { "x-b": "option" };
    for (const target of [`${url}s`, new URL(`${url}u`)]) {
      await failure(newHttpBatchRpcSession<Api>(target, { headers }).add(1, 1));
    }
    const request = new Request(`${url}r`, { headers: { "x-a": "request" } });
    await failure(newHttpBatchRpcSession<Api>(request, { headers }).add(1, 1));
    expect(seen).toEqual([
      "POST /s undefined option",
      "POST /u undefined option",
      "POST /r request option",
    ]);
  });

  test("goes through the fetch of the options", async () => {
    const bodies: string[] = [];
    const fetch = async (request: Request) => {
      bodies.push(await request.text());
      return new Response('["resolve",1,"from afar"]');
    };
    expect(await newHttpBatchRpcSession<Api>("http://nowhere.invalid/", { fetch }).echo(1)).toBe(
      "from afar",
    );
    expect(bodies).toEqual(['["push",["pipeline",0,["echo"],[1]]]\n["pull",1]']);
  });

  test("is canceled by the options' signal, before and while it runs", async () => {
    const { url } = await serve();
    const aborted = AbortSignal.abort(new Error("too late"));
    expect(
      (await failure(newHttpBatchRpcSession<Api>(url, { signal: aborted }).add(1, 1))).message,
    ).toBe("too late");
    const controller = new AbortController();
    const started = listen(() => controller.abort(new Error("changed my mind")));
    const api = newHttpBatchRpcSession<Api>(await started, { signal: controller.signal });
    expect((await failure(api.add(1, 1))).message).toBe("changed my mind");
  });

  test("is canceled by the signal of a given Request", async () => {
    const { url } = await serve();
    const aborted = new Request(url, { signal: AbortSignal.abort(new Error("too late")) });
    expect((await failure(newHttpBatchRpcSession<Api>(aborted).add(1, 1))).message).toBe(
      "too late",
    );
    const controller = new AbortController();
    const started = await listen(() => controller.abort(new Error("changed my mind")));
    const request = new Request(started, { signal: controller.signal });
    const api = newHttpBatchRpcSession<Api>(request, { signal: new AbortController().signal });
    expect((await failure(api.add(1, 1))).message).toBe("changed my mind");
  });

  test("is canceled when the session is disposed of", async () => {
    let closed!: () => void;
    const gone = new Promise<void>((resolve) => {
      closed = resolve;
    });
    let arrived!: () => void;
    const received = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const url = await listen((request, response) => {
      response.on("close", closed);
      request.resume();
      arrived();
    });
    const api = newHttpBatchRpcSession<Api>(url);
    const pending = failure(api.add(1, 1));
    await received;
    api[Symbol.dispose]();
    expect((await pending).message).toMatch(/disposing the main stub/);
    await gone;
  });
});

describe("a response that isn't a batch", () => {
  test("with an error status gives the status, and the start of the body, in its error", async () => {
    const url = await listen((_, response) => {
      response.statusCode = 503;
      response.end(`it is down ${"x".repeat(1000)}`);
    });
    const error = await failure(newHttpBatchRpcSession<Api>(url).add(1, 1));
    expect(error).toMatchObject({ code: "HTTP_STATUS", status: 503 });
    expect(error.message).toBe(
      `RPC request failed: 503 Service Unavailable: it is down ${"x".repeat(189)} (${url})`,
    );
  });

  test("is given up while it is read, if it is too large", async () => {
    const url = await listen((_, response) => {
      response.write("x".repeat(10_000));
      // Never ends.
    });
    const api = newHttpBatchRpcSession<Api>(url, { maxResponseSize: 5000 });
    expect(await failure(api.add(1, 1))).toMatchObject({ code: "TOO_LARGE" });
  });

  test.each([
    ["isn't JSON", "oops", /JSON/],
    ["isn't UTF-8", Buffer.from([0xff, 0xfe]), /isn't UTF-8/],
    ["settles nothing", "", /Batch RPC request ended/],
    ["is cut off", '["resolve",1,', /JSON/],
  ])("fails every call if it %s", async (_, body, message) => {
    const url = await listen((__, response) => response.end(body));
    expect((await failure(newHttpBatchRpcSession<Api>(url).add(1, 1))).message).toMatch(message);
  });
});
