import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { describe, expect, test, vi } from "vitest";
import {
  newHttpBatchRpcHandler,
  newHttpBatchRpcSession,
  newNodeHttpBatchRpcHandler,
} from "../src/index.ts";
import { Api, bodyOf, failure, KINDS, listen, SERVERS, serve } from "./support.ts";

const NEVER = bodyOf("never");

/** A client that has sent the head of its request, and perhaps more. */
function openRequest(url: string, part?: string) {
  const client = httpRequest(url, { method: "POST" });
  client.on("error", () => {});
  client.flushHeaders();
  if (part) client.write(part);
  return client;
}

async function answerTo(client: ReturnType<typeof openRequest>) {
  const [response] = await once(client, "response");
  const text = Buffer.concat(await response.toArray()).toString();
  return { status: response.statusCode, text, connection: response.headers.connection };
}

describe.each(KINDS)("a %s server", (kind) => {
  test("accepts messages of 4 Mi code units, in any script, and refuses larger ones", async () => {
    const { ask } = await SERVERS[kind]();
    const prefix = '["push",["pipeline",0,["add"],["';
    const message = `${prefix}${"\u20ac".repeat(4 * 1024 * 1024 - prefix.length - 4)}"]]]`;
    expect(message.length).toBe(4 * 1024 * 1024);
    expect((await ask({ method: "POST", body: message })).status).toBe(200);
    const response = await ask({ method: "POST", body: message.replace("add", "addx") });
    expect(response.status).toBe(413);
    expect(await response.text()).toMatch(/limits\.max(Message|Frame)Size of 4194304/);
  });

  test("accepts longer messages if only maxMessageSize is raised", async () => {
    const { ask } = await SERVERS[kind]({ limits: { maxMessageSize: 5 * 1024 * 1024 } });
    const response = await ask({
      method: "POST",
      body: bodyOf("size", "x".repeat(4_500_000)),
    });
    expect(await response.text()).toBe('["resolve",1,4500000]');
  });

  test("answers every call of a batch that takes many turns", async () => {
    const { ask } = await SERVERS[kind]({ limits: { turnBudget: 1 } });
    const calls = Array.from(
      { length: 10_000 },
      (_, i) => `["push",["pipeline",0,["add"],[${i},1]]]\n["pull",${i + 1}]`,
    );
    const response = await ask({ method: "POST", body: calls.join("\n") });
    const answers = (await response.text()).split("\n");
    expect(answers).toEqual(calls.map((_, i) => `["resolve",${i + 1},${i + 1}]`));
  });

  test("stops working on a batch that takes too long", async () => {
    const { ask, disposed } = await SERVERS[kind]({ batchTimeout: 50 });
    const calls = 2_000;
    const body = Array(calls).fill('["push",["pipeline",0,["work"],[5]]]').join("\n");
    const response = await ask({ method: "POST", body: `${body}\n["pull",${calls}]` });
    expect(response.status).toBe(504);
    expect(disposed.length).toBeLessThan(calls);
    expect(disposed.at(-1)).toBe("main");
  });

  test("accepts more in a batch than in a message", async () => {
    const onLimit = vi.fn();
    const limits = { maxMessageSize: 100 };
    const { ask, disposed } = await SERVERS[kind]({ limits, onLimit });
    const fits = `${NEVER.split("\n")[0]}\n`.repeat(5);
    expect(fits.length).toBeGreaterThan(100);
    expect((await ask({ method: "POST", body: fits })).status).toBe(200);
    const response = await ask({ method: "POST", body: fits.repeat(2) });
    expect(response.status).toBe(413);
    expect(await response.text()).toMatch(/larger than 300 bytes, the server's maxRequestSize/);
    expect(disposed).toHaveLength(2);
    expect(onLimit).toHaveBeenCalledOnce();
    expect(onLimit.mock.calls[0]![0]).toMatchObject({ code: "LIMIT" });
  });

  test("ends a batch whose calls hold more memory than the process may, and releases all of it", async () => {
    const onLimit = vi.fn();
    const limits = { maxProcessHeldBytes: 1_000_000 };
    const { ask, disposed } = await SERVERS[kind]({ limits, onLimit });
    const large = `["push","${"a".repeat(300_000)}\u0100"]`;
    const body = `${large}\n${`["push",["pipeline",0,["echo"],[["pipeline",1]]]]\n`.repeat(5)}["pull",6]`;
    for (let i = 1; i <= 2; i++) {
      const response = await ask({ method: "POST", body });
      expect(response.status).toBe(503);
      expect(await response.text()).toMatch(/limits\.maxProcessHeldBytes/);
      expect(onLimit).toHaveBeenCalledTimes(i);
      expect(disposed).toEqual(Array(i).fill("main"));
    }
    const next = await ask({ method: "POST", body: bodyOf("size", "x".repeat(200_000)) });
    expect(await next.text()).toBe('["resolve",1,200000]');
  });

  test("ends a batch whose response gets too large, before it is complete", async () => {
    const onLimit = vi.fn();
    const { ask, disposed } = await SERVERS[kind]({ maxResponseSize: 1000, onLimit });
    // The last call never ends, but the batch doesn't wait for it.
    const body = `["push",["pipeline",0,["text"],[600]]]
["push",["pipeline",0,["text"],[600]]]
["push",["pipeline",0,["never"],[]]]
["pull",3]
["pull",1]
["pull",2]`;
    const response = await ask({ method: "POST", body });
    expect(response.status).toBe(507);
    expect(await response.text()).toMatch(/larger than 1000 bytes, the server's maxResponseSize/);
    expect(disposed).toEqual(["main"]);
    expect(onLimit).toHaveBeenCalledOnce();
  });

  test("counts a response in bytes, and accepts one that just fits", async () => {
    const body = bodyOf("echo", "\u20ac".repeat(10));
    const text = `["resolve",1,"${"\u20ac".repeat(10)}"]`;
    const size = Buffer.byteLength(text);
    const fitting = await SERVERS[kind]({ maxResponseSize: size });
    expect(await (await fitting.ask({ method: "POST", body })).text()).toBe(text);
    const small = await SERVERS[kind]({ maxResponseSize: size - 1 });
    expect((await small.ask({ method: "POST", body })).status).toBe(507);
  });

  test("ends a batch whose calls don't end", async () => {
    const onLimit = vi.fn();
    const { ask, disposed } = await SERVERS[kind]({ batchTimeout: 20, onLimit });
    const response = await ask({ method: "POST", body: NEVER });
    expect(response.status).toBe(504);
    expect(await response.text()).toMatch(/calls took longer than 20 ms.*batchTimeout/);
    expect(disposed).toEqual(["main"]);
    expect(onLimit).toHaveBeenCalledOnce();
  });

  test("keeps waiting for a batch without a time limit", async () => {
    for (const batchTimeout of [Number.POSITIVE_INFINITY, 2 ** 31]) {
      const { ask } = await SERVERS[kind]({ batchTimeout });
      // A timer with a delay that a runtime replaces with 1 ms would fire first.
      const response = await ask({ method: "POST", body: bodyOf("soon") });
      expect(await response.text()).toBe('["resolve",1,"soon"]');
    }
  });
});

test("a request whose body doesn't end is answered, and its connection closed", async () => {
  const { url, disposed } = await serve({ batchTimeout: 20 });
  const { status, text, connection } = await answerTo(openRequest(url, '["push"'));
  expect(status).toBe(408);
  expect(text).toMatch(/request didn't arrive within 20 ms.*batchTimeout/);
  expect(connection).toBe("close");
  expect(disposed).toEqual(["main"]);
});

test("a Request whose body doesn't end is answered, and its stream canceled", async () => {
  const canceled = vi.fn();
  const body = new ReadableStream({ cancel: canceled });
  const init = { method: "POST", body, duplex: "half" } as RequestInit;
  const handle = newHttpBatchRpcHandler(() => new Api(), { batchTimeout: 20 });
  const response = await handle(new Request("http://server.invalid/", init));
  expect(response.status).toBe(408);
  expect(canceled).toHaveBeenCalledOnce();
});

test("a client that doesn't read its response is disconnected", async () => {
  const closed = vi.fn();
  let whenClosed!: Promise<unknown>;
  const handle = newNodeHttpBatchRpcHandler(() => new Api(), { batchTimeout: 200 });
  const url = await listen((request, response) => {
    whenClosed = once(response, "close").then(closed);
    return handle(request, response);
  });
  const { port } = new URL(url);
  const socket = connect(Number(port), "127.0.0.1");
  socket.on("error", () => {});
  // More than the buffers of two sockets hold.
  const body = `${bodyOf("text", 25_000_000)}`;
  socket.write(`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
  socket.pause();
  await vi.waitFor(() => expect(whenClosed).toBeDefined());
  await whenClosed;
  expect(closed).toHaveBeenCalledOnce();
  socket.destroy();
});

describe("concurrent batches", () => {
  test("are limited per server and per address, and make room when they end", async () => {
    const handle = newNodeHttpBatchRpcHandler(() => new Api(), {
      maxSessions: 2,
      maxSessionsPerAddress: 1,
      address: ({ headers }) => headers["x-client"] as string,
    });
    const url = await listen(handle);
    const ask = (client: string, body = bodyOf("add", 1, 2)) =>
      fetch(url, { method: "POST", body, headers: { "X-Client": client } });
    const open = async (client: string) => {
      const headers = { "X-Client": client };
      const opened = httpRequest(url, { method: "POST", headers });
      opened.on("error", () => {});
      opened.write("[");
      await vi.waitFor(async () => expect((await ask(client)).status).toBe(503));
      return opened;
    };
    const a = await open("a");
    const refused = await ask("a");
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "1"]);
    expect(await refused.text()).toMatch(/maxSessionsPerAddress/);
    expect((await ask("b")).status).toBe(200);
    const b = await open("b");
    expect(await (await ask("c")).text()).toMatch(/its maxSessions\./);
    a.destroy();
    b.destroy();
    await vi.waitFor(async () => expect((await ask("a")).status).toBe(200));
    await vi.waitFor(async () => expect((await ask("b")).status).toBe(200));
  });

  test("end and make room when a connection with several requests is lost", async () => {
    const disposed: string[] = [];
    const handle = newNodeHttpBatchRpcHandler(() => new Api(disposed), { maxSessions: 3 });
    const url = await listen(handle);
    const ask = () => fetch(url, { method: "POST", body: bodyOf("add", 1, 2) });
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    socket.on("error", () => {});
    const head = `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${NEVER.length}\r\n\r\n`;
    socket.write(`${head}${NEVER}`.repeat(3));
    await vi.waitFor(async () => expect((await ask()).status).toBe(503));
    socket.destroy();
    // Node tells only the first of them that the connection is gone.
    await vi.waitFor(() => expect(disposed.length).toBeGreaterThanOrEqual(3));
    expect((await ask()).status).toBe(200);
  });

  test("that came as Requests make room when they end", async () => {
    const controller = new AbortController();
    const handle = newHttpBatchRpcHandler(() => new Api(), { maxSessions: 1 });
    const ask = (body: string, signal?: AbortSignal) =>
      handle(new Request("http://server.invalid/", { method: "POST", body, signal: signal! }));
    const pending = ask(NEVER, controller.signal);
    expect((await ask(bodyOf("add", 1, 2))).status).toBe(503);
    controller.abort();
    await pending;
    for (let i = 0; i < 3; i++) expect((await ask(bodyOf("add", 1, 2))).status).toBe(200);
  });

  test("that hold too much together end with the one that holds most", async () => {
    const limits = { maxProcessHeldBytes: 2_000_000 };
    const handle = newNodeHttpBatchRpcHandler(() => new Api(), { limits });
    const url = await listen(handle);
    const greedy = openRequest(url, "x".repeat(1_900_000));
    const answered = answerTo(greedy);
    let isAnswered = false;
    void answered.then(() => {
      isAnswered = true;
    });
    await vi.waitFor(async () => {
      const response = await fetch(url, {
        method: "POST",
        body: bodyOf("size", "x".repeat(200_000)),
      });
      expect(await response.text()).toBe('["resolve",1,200000]');
      expect(isAnswered).toBe(true);
    });
    const { status, text } = await answered;
    expect(status).toBe(503);
    expect(text).toMatch(/limits\.maxProcessHeldBytes/);
  });

  test.each([
    ["small ones of one network", (i: number) => `2001:db8::${i}`, 0],
    ["the largest, where all are of networks of their own", (i: number) => `192.0.2.${i}`, 1],
  ])("that hold too much together end by network: %s", async (_, addressOf, honestEnds) => {
    const createMain = vi.fn(() => new Api());
    const handle = newNodeHttpBatchRpcHandler(createMain, {
      limits: { maxProcessHeldBytes: 1_500_000 },
      address: ({ headers }) => headers["x-client"] as string,
    });
    const url = await listen(handle);
    const ended: number[] = [];
    const open = (client: string, body: string) => {
      const headers = { "X-Client": client };
      const opened = fetch(url, { method: "POST", body, headers });
      void opened.then(
        ({ status }) => ended.push(status),
        () => {},
      );
      return opened;
    };
    const hanging = (length: number) =>
      `["push","${"x".repeat(length)}"]\n["push",["pipeline",0,["never"],[]]]\n["pull",2]`;
    const honest = open("198.51.100.7", hanging(200_000));
    await vi.waitFor(() => expect(createMain).toHaveBeenCalledOnce());
    let isHonestOver = false;
    void honest.then(
      () => {
        isHonestOver = true;
      },
      () => {},
    );
    let i = 0;
    do {
      void open(addressOf(i++), hanging(90_000));
      await new Promise((resolve) => setImmediate(resolve));
    } while (ended.length === 0 && i < 100);
    await vi.waitFor(() => expect(ended.length).toBeGreaterThan(0));
    expect(ended[0]).toBe(503);
    expect(isHonestOver).toBe(honestEnds === 1);
  });
});

test("a client learns from its error that a batch was too large for its server", async () => {
  const { url } = await serve({ maxRequestSize: 100, maxResponseSize: 100 });
  const large = await failure(newHttpBatchRpcSession<Api>(url).echo("x".repeat(100)));
  expect(large).toMatchObject({ code: "TOO_LARGE", status: 413 });
  expect(large.message).toMatch(/the server's maxRequestSize. Split the batch/);
  const response = await failure(newHttpBatchRpcSession<Api>(url).text(100));
  expect(response).toMatchObject({ code: "TOO_LARGE", status: 507 });
});

test("limits that don't exist throw at the application", async () => {
  const limits = { maxMesageSize: 1 } as object;
  expect(() => newNodeHttpBatchRpcHandler(() => new Api(), { limits })).toThrow(/isn't a limit/);
  expect(() => newHttpBatchRpcHandler(() => new Api(), { limits })).toThrow(/isn't a limit/);
});
