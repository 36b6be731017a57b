// Interceptors and broken capabilities with an unmodified `capnweb` at the other end: it needs to
// know nothing of either.
import { breakStub, type Interceptor, intercept, RpcSession, RpcTarget } from "@capnweb/core";
import { createMemoryLink } from "@capnweb/testkit";
import * as capnweb from "capnweb";
import { describe, expect, test } from "vitest";
import { failure } from "../../testing/outcomes.ts";

class Document extends RpcTarget {
  disposed = 0;
  read() {
    return "text";
  }
  [Symbol.dispose]() {
    this.disposed++;
  }
}

class Api extends RpcTarget {
  readonly document = new Document();
  readonly ran: unknown[] = [];
  open() {
    return this.document;
  }
  get name() {
    return "api";
  }
  list() {
    return [1, 2];
  }
  echo(value: unknown) {
    this.ran.push(value);
    return value;
  }
  fail() {
    throw new Error("failed");
  }
  async collect(stream: ReadableStream) {
    const chunks: unknown[] = [];
    for await (const chunk of stream as any) chunks.push(chunk);
    return chunks;
  }
}

class TheirDocument extends capnweb.RpcTarget {
  read() {
    return "text";
  }
}

class TheirApi extends capnweb.RpcTarget {
  kept: any;
  open() {
    return new TheirDocument();
  }
  get name() {
    return "api";
  }
  list() {
    return [1, 2];
  }
  echo(value: unknown) {
    return value;
  }
  keep(stub: any) {
    this.kept = stub.dup();
  }
  callKept() {
    return this.kept.read();
  }
  async collect(stream: ReadableStream) {
    const chunks: unknown[] = [];
    for await (const chunk of stream as any) chunks.push(chunk);
    return chunks;
  }
}

function stream(...chunks: unknown[]) {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
}

/** Our server, and a client of the reference. */
function withTheirClient(interceptor?: Interceptor) {
  const link = createMemoryLink();
  const main = new Api();
  const options = interceptor ? { interceptors: intercept(interceptor) } : {};
  const server = new RpcSession(link.server, main, options);
  const client = new capnweb.RpcSession(link.client as any);
  return { link, main, server, client, api: client.getRemoteMain() as any };
}

/** Our client, and a server of the reference. */
function withTheirServer(interceptor?: Interceptor) {
  const link = createMemoryLink();
  const main = new TheirApi();
  const options = interceptor ? { interceptors: intercept(interceptor) } : {};
  const server = new capnweb.RpcSession(link.server as any, main);
  const client = new RpcSession<any>(link.client, undefined, options);
  return { link, main, server, client, api: client.getRemoteMain() as any };
}

function seeing(direction: "call" | "serve") {
  const seen: string[] = [];
  const interceptor: Interceptor = {
    [direction](call: any, next: () => unknown) {
      seen.push(`${call.kind} ${call.path.join(".")}`);
      return next();
    },
  };
  return { seen, interceptor };
}

async function useAll(api: any) {
  const document = await api.open();
  expect(await document.read()).toBe("text");
  expect(await api.open().read()).toBe("text");
  expect(await api.name).toBe("api");
  expect([...(await api.list().map((n: any) => api.echo(n)))]).toEqual([1, 2]);
  expect(await api.collect(stream("a", "b"))).toEqual(["a", "b"]);
  document[Symbol.dispose]();
}

describe("a client of the reference", () => {
  test("has all its operations seen by our server's interceptors", async () => {
    const { seen, interceptor } = seeing("serve");
    const { api, link } = withTheirClient(interceptor);
    await useAll(api);
    await link.settle();
    expect(seen).toEqual([
      "call open",
      "call read",
      "call open",
      "call read",
      "get name",
      "call list",
      "map ",
      "call echo",
      "call echo",
      "call collect",
      "stream write",
      "stream write",
      "stream close",
    ]);
  });

  test("gets refusals, and our side sees failures that the client doesn't await", async () => {
    const failed: string[] = [];
    const { api, main, link } = withTheirClient({
      serve(call, next) {
        if (call.args[0] === "secret") throw new Error("refused");
        try {
          return next();
        } catch (error) {
          failed.push((error as Error).message);
          throw error;
        }
      },
    });
    expect((await failure(api.echo("secret"))).message).toBe("refused");
    const unawaited = api.fail();
    await link.settle();
    expect(unawaited).toBeDefined();
    expect([failed, main.ran]).toEqual([["failed"], []]);
  });

  test("learns of a broken capability in onRpcBroken, its calls fail, and the session goes on", async () => {
    const { api, main, server, client, link } = withTheirClient();
    const document = await api.open();
    const heard: any[] = [];
    document.onRpcBroken((error: unknown) => heard.push(error));
    breakStub(main.document, new Error("deleted"));
    await link.settle();
    expect(heard.map((error) => error.message)).toEqual(["deleted"]);
    expect((await failure(document.read())).message).toBe("deleted");
    expect(main.document.disposed).toBe(1);
    expect(await api.name).toBe("api");
    await link.settle();
    expect([client.getStats(), server.getStats()]).toEqual([
      { imports: 1, exports: 1 },
      { imports: 1, exports: 1 },
    ]);
  });

  test("learns of a broken capability on a promise that it never awaited", async () => {
    const { api, main, link } = withTheirClient();
    const document = api.open();
    const heard: any[] = [];
    document.onRpcBroken((error: unknown) => heard.push(error));
    await link.settle();
    breakStub(main.document, new Error("deleted"));
    await link.settle();
    expect(heard.map((error) => error.message)).toEqual(["deleted"]);
    expect((await failure(document.read())).message).toBe("deleted");
  });
});

describe("a server of the reference", () => {
  test("answers operations that passed our client's interceptors", async () => {
    const { seen, interceptor } = seeing("call");
    const { api, link } = withTheirServer(interceptor);
    await useAll(api);
    await link.settle();
    expect(seen).toEqual([
      "call open",
      "call read",
      "call open",
      "call read",
      "get name",
      "call list",
      "map ",
      "call collect",
      "stream write",
      "stream write",
      "stream close",
    ]);
  });

  test("learns of a broken callback object in onRpcBroken, and the session goes on", async () => {
    const { api, main, server, client, link } = withTheirServer();
    const document = new Document();
    await api.keep(document);
    expect(await api.callKept()).toBe("text");
    const heard: any[] = [];
    main.kept.onRpcBroken((error: unknown) => heard.push(error));
    breakStub(document, new Error("deleted"));
    await link.settle();
    expect(heard.map((error) => error.message)).toEqual(["deleted"]);
    expect((await failure(api.callKept())).message).toBe("deleted");
    expect(document.disposed).toBe(1);
    expect([client.getStats(), server.getStats()]).toEqual([
      { imports: 1, exports: 1 },
      { imports: 1, exports: 1 },
    ]);
  });

  test("that rejects one of its stubs makes ours call onRpcBroken", async () => {
    const { api, link } = withTheirServer();
    const document = await api.open();
    const heard: any[] = [];
    document.onRpcBroken((error: unknown) => heard.push(error));
    await link.server.send('["reject",-1,["error","Error","deleted"]]');
    await link.settle();
    expect(heard.map((error) => error.message)).toEqual(["deleted"]);
    expect((await failure(document.read())).message).toBe("deleted");
  });
});
