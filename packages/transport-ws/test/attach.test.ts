import { EventEmitter, once } from "node:events";
import { createServer } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import { RpcTarget } from "@capnweb/core";
import { describe, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { attachWebSocketRpc, newWebSocketRpcSession as newNodeSession } from "../src/node.ts";
import { Api, broken, listen, rawUpgrade } from "./support.ts";

describe("attachWebSocketRpc", () => {
  test("serves its path, and leaves other paths alone", async () => {
    const { server, url } = await listen({ path: "/api" });
    server.on("upgrade", (request, stream) => {
      if (request.url === "/other") stream.end("HTTP/1.1 418 I'm a teapot\r\n\r\n");
    });
    const api = newNodeSession<Api>(url("/api?token=1"));
    expect(await api.add(1, 2)).toBe(3);
    const [error] = await once(new WebSocket(url("/other")), "error");
    expect(error.message).toMatch(/418/);
  });

  test("answers other paths with 404 if there is no other listener", async () => {
    const { url } = await listen({ path: "/api" });
    const [error] = await once(new WebSocket(url("/other")), "error");
    expect(error.message).toMatch(/404/);
  });

  test("asks authorize before it accepts, and refuses and reports if authorize fails", async () => {
    const onError = vi.fn();
    const { url } = await listen({
      onError,
      authorize(request) {
        if (request.headers["x-token"] === "boom") throw new Error("no database");
        return request.headers["x-token"] === "good";
      },
    });
    const api = newNodeSession<Api>(url("/"), undefined, { headers: { "x-token": "good" } });
    expect(await api.add(1, 2)).toBe(3);
    for (const [token, status] of [
      ["bad", /403/],
      ["boom", /500/],
    ] as const) {
      const socket = new WebSocket(url("/"), { headers: { "x-token": token } });
      const [error] = await once(socket, "error");
      expect(error.message).toMatch(status);
    }
    expect(onError.mock.calls.map(([error]) => error)).toEqual([new Error("no database")]);
  });

  test("refuses messages over maxPayload while it reads them", async () => {
    const { url } = await listen({ maxPayload: 1000 });
    const socket = new WebSocket(url("/"));
    await once(socket, "open");
    socket.send("x".repeat(2000));
    const [code] = await once(socket, "close");
    expect(code).toBe(1009);
  });

  test("close() ends every session and accepts no more", async () => {
    const { server, attached, url } = await listen({});
    // Without a listener for upgrades, Node treats one as a request.
    server.on("request", (_, response) => response.end());
    const api = newNodeSession<Api>(url("/"));
    await api.add(1, 1);
    const reason = new Promise<any>((resolve) => api.onRpcBroken(resolve));
    attached.close();
    expect(await reason).toMatchObject({ closeCode: 1001 });
    const [error] = await once(new WebSocket(url("/")), "error");
    expect(error).toBeInstanceOf(Error);
  });

  test("close() refuses requests that authorize still decides on", async () => {
    let asked!: () => void;
    const isAsked = new Promise<void>((resolve) => {
      asked = resolve;
    });
    let allow!: (allowed: boolean) => void;
    const { attached, url } = await listen({
      authorize() {
        asked();
        return new Promise((resolve) => {
          allow = resolve;
        });
      },
    });
    const failed = once(new WebSocket(url("/")), "error");
    await isAsked;
    attached.close();
    allow(true);
    const [error] = await failed;
    expect(error.message).toMatch(/503/);
  });
});

describe("attachWebSocketRpc, by default,", () => {
  test.each([
    ["no origin", undefined, {}],
    ["the same site", { origin: "http://127.0.0.1:5173" }, {}],
    ["a listed origin", { origin: "https://app.example" }, { origins: ["https://app.example"] }],
    ["any origin, if all are allowed", { origin: "https://evil.example" }, { origins: "*" }],
  ] as const)("accepts %s", async (_name, headers, options) => {
    const { url } = await listen(options);
    const api = newNodeSession<Api>(url("/"), undefined, headers && { headers });
    expect(await api.add(1, 2)).toBe(3);
    api[Symbol.dispose]();
  });

  test("refuses another origin before anything runs, names the setting, and reports it once", async () => {
    const authorize = vi.fn(() => true);
    const createMain = vi.fn();
    const onError = vi.fn();
    const { url } = await listen({ authorize, onError }, createMain);
    for (let i = 0; i < 3; i++) {
      const options = { headers: { origin: "https://evil.example" } };
      expect(await broken(newNodeSession(url("/"), undefined, options))).toMatchObject({
        code: "WEBSOCKET_REFUSED",
        status: 403,
        body: expect.stringMatching(/"https:\/\/evil\.example".*"origins" option/),
      });
    }
    expect(authorize).not.toHaveBeenCalled();
    expect(createMain).not.toHaveBeenCalled();
    expect(onError.mock.calls.map(([error]) => error)).toEqual([
      expect.objectContaining({ code: "ACCESS" }),
    ]);
  });

  test("refuses a host that isn't the server's, with 421", async () => {
    const { url } = await listen({ hosts: ["api.example"], onError() {} });
    const refused = newNodeSession(url("/"));
    expect(await broken(refused)).toMatchObject({
      status: 421,
      body: expect.stringMatching(/"hosts" option/),
    });
    const headers = { host: "api.example:8080" };
    const api = newNodeSession<Api>(url("/"), undefined, { headers });
    expect(await api.add(1, 2)).toBe(3);
  });

  test("doesn't fill the log with origins that a client makes up", async () => {
    const onError = vi.fn();
    const { url } = await listen({ onError });
    for (let i = 0; i < 110; i++) {
      const headers = { origin: `https://${i}.example` };
      await broken(newNodeSession(url("/"), undefined, { headers }));
    }
    expect(onError).toHaveBeenCalledTimes(100);
  });
});

describe("authorize", () => {
  test("hands its context to createMain", async () => {
    const { url } = await listen(
      { authorize: async ({ headers }) => ({ context: { name: headers["x-user"] as string } }) },
      (_request, { context }: any) => ({ me: () => context.name }),
    );
    const headers = { "x-user": "Ada" };
    expect(await newNodeSession<any>(url("/"), undefined, { headers }).me()).toBe("Ada");
  });

  test("sends its refusal to the client", async () => {
    const reason = "Log in first.\r\nSet-Cookie: a=b";
    const { url } = await listen({ authorize: () => ({ status: 401, reason }) });
    const error = await broken(newNodeSession(url("/")));
    expect(error).toMatchObject({ status: 401, body: reason });
    expect(error.message).toMatch(/ws:\/\/127\.0\.0\.1:\d+\/ refused.*401: Log in first/);
  });

  test.each([
    [undefined, "It returned undefined, as without a return."],
    [null, "It returned null."],
    ["secret", "It returned a string."],
    [{ status: 200 }, "It refused with 200"],
    [{ user: "secret" }, "It returned an object with user."],
  ])("must not return %o, which is refused and reported", async (decision, said) => {
    const onError = vi.fn();
    const { url } = await listen({ onError, authorize: () => decision as never });
    expect(await broken(newNodeSession(url("/")))).toMatchObject({ status: 500 });
    const { message } = onError.mock.calls[0]![0];
    expect(message).toMatch(/authorize must return/);
    expect(message).toContain(said);
    expect(message).not.toContain("secret");
  });

  test("is given up if it never decides", async () => {
    const onError = vi.fn();
    const { url, attached } = await listen({
      onError,
      authorizeTimeout: 5,
      authorize: () => new Promise(() => {}),
    });
    expect(await broken(newNodeSession(url("/")))).toMatchObject({ status: 503 });
    expect(onError.mock.calls[0]![0].message).toMatch(/authorizeTimeout/);
    await vi.waitFor(() => expect(attached.size).toBe(0));
  });

  test("survives an onError that throws", async () => {
    const { url } = await listen({
      onError() {
        throw new Error("no log");
      },
      authorize() {
        throw new Error("no database");
      },
    });
    expect(await broken(newNodeSession(url("/")))).toMatchObject({ status: 500 });
  });
});

describe("createMain", () => {
  test("may be asynchronous, and call the client", async () => {
    const { url } = await listen({}, async (request, { client, session }: any) => {
      const name = await client.name();
      return { hello: () => `Hello, ${name} at ${request.url}! ${typeof session.getStats()}` };
    });
    const api = newNodeSession<any>(url("/x"), { name: () => "Ada" });
    expect(await api.hello()).toBe("Hello, Ada at /x! object");
  });

  test.each([
    [
      "throws",
      () => {
        throw new Error("no database");
      },
    ],
    ["rejects", () => Promise.reject(new Error("no database"))],
  ])("closes the socket with 1011 if it %s, and is reported", async (_name, createMain) => {
    const onError = vi.fn();
    const { url } = await listen({ onError }, createMain);
    const api = newNodeSession<any>(url("/"));
    api.add(1, 2).catch(() => {});
    const error = await broken(api);
    expect(error).toMatchObject({ code: "WEBSOCKET_CLOSED", closeCode: 1011 });
    expect(error.message).not.toMatch(/database/);
    expect(onError.mock.calls.map(([error]) => error)).toEqual([new Error("no database")]);
  });

  test("is given up if it takes longer than openTimeout", async () => {
    const onError = vi.fn();
    const { url } = await listen({ onError, openTimeout: 50 }, () => new Promise(() => {}));
    expect(await broken(newNodeSession(url("/")))).toMatchObject({ closeCode: 1011 });
    expect(onError).toHaveBeenCalledOnce();
  });
});

describe("the limit on sessions", () => {
  test("gives a place back once a connection is gone", async () => {
    const onError = vi.fn();
    const { url, attached } = await listen({ maxSessions: 1, onError });
    const first = newNodeSession<Api>(url("/"));
    expect(await first.add(1, 2)).toBe(3);
    expect(await broken(newNodeSession(url("/")))).toMatchObject({
      status: 503,
      body: expect.stringMatching(/maxSessions/),
    });
    expect(onError.mock.calls.map(([error]) => error)).toEqual([
      expect.objectContaining({ code: "ADMISSION" }),
    ]);
    first[Symbol.dispose]();
    await vi.waitFor(() => expect(attached.size).toBe(0));
    expect(await newNodeSession<Api>(url("/")).add(1, 2)).toBe(3);
  });

  test("counts by the address that the application names", async () => {
    const { url } = await listen({
      onError() {},
      maxSessionsPerAddress: 1,
      addressOf: ({ headers }) => headers["x-real-ip"] as string,
    });
    const open = (ip: string) =>
      newNodeSession<Api>(url("/"), undefined, { headers: { "x-real-ip": ip } });
    const first = open("192.0.2.1");
    expect(await first.add(1, 2)).toBe(3);
    expect(await broken(open("192.0.2.1"))).toMatchObject({ status: 503 });
    expect(await open("192.0.2.2").add(1, 2)).toBe(3);
  });
});

describe("a refused connection", () => {
  test.each([
    ["of another path", { path: "/api" }, {}],
    ["of another origin", { onError() {} }, { Origin: "https://evil.example" }],
    ["that authorize turns away", { authorize: () => false }, {}],
    ["without a key", {}, { "Sec-WebSocket-Key": "" }],
  ])("is closed even if the client keeps its side open: %s", async (_name, options, headers) => {
    const { port, server } = await listen(options);
    const gone = new Promise((resolve) =>
      server.once("connection", (socket) => socket.once("close", resolve)),
    );
    const socket = rawUpgrade(port, headers);
    socket.resume();
    await gone;
  });
});

describe("the servers it takes", () => {
  test("attaches to an application that has its server as a property, like Fastify's", async () => {
    const { server, url } = await listen({ path: "/other" });
    const attached = attachWebSocketRpc({ server }, () => new Api(), { path: "/api" });
    expect(await newNodeSession<Api>(url("/api")).add(1, 2)).toBe(3);
    attached.close();
  });

  test("attaches to a server of HTTP/2", () => {
    attachWebSocketRpc(createHttp2Server(), () => new Api()).close();
  });

  test.each([[() => {}], [{}], [undefined], [Object.assign(new EventEmitter(), { listen() {} })]])(
    "refuses to attach to %o, and says what it takes",
    (app) => {
      const attach = () => attachWebSocketRpc(app as never, () => new Api());
      expect(attach).toThrow(/the result of app\.listen\(\) or serve\(\), or app\.server/);
    },
  );

  test("lets two services share a server, each with its path, and answers 404 elsewhere", async () => {
    const { server, url } = await listen({ path: "/a" });
    attachWebSocketRpc(server, () => ({ add: () => "b" }), { path: "/b" });
    expect(await newNodeSession<any>(url("/a")).add(1, 2)).toBe(3);
    expect(await newNodeSession<any>(url("/b")).add(1, 2)).toBe("b");
    expect(await broken(newNodeSession(url("/c")))).toMatchObject({ status: 404 });
    expect(() => attachWebSocketRpc(server, () => new Api(), { path: "/a" })).toThrow(/"\/a"/);
  });

  test("leaves the paths of other services to them, as a service of every path", async () => {
    const { server, url } = await listen({});
    attachWebSocketRpc(server, () => ({ add: () => "b" }), { path: "/b" });
    expect(await newNodeSession<any>(url("/b")).add(1, 2)).toBe("b");
    expect(await newNodeSession<any>(url("/a")).add(1, 2)).toBe(3);
  });
});

test("a server announces its extensions second, for clients that take the first message as an answer", async () => {
  const { url } = await listen({});
  const socket = new WebSocket(url("/"));
  const messages: string[] = [];
  socket.on("message", (data) => messages.push(String(data)));
  await once(socket, "open");
  socket.send('["push",["pipeline",0,["add"],[1,2]]]');
  socket.send('["pull",1]');
  await vi.waitFor(() => expect(messages).not.toEqual([]));
  expect(messages).toEqual(['["resolve",1,3]']);
});

test("a limit that doesn't exist throws at once", () => {
  const attach = () =>
    attachWebSocketRpc(createServer(), () => new Api(), { limits: { maxSize: 1 } as never });
  expect(attach).toThrow(/limits\.maxSize/);
});

test("the types of authorize's context and of the client fit together", () => {
  class Client extends RpcTarget {
    name() {
      return "";
    }
  }
  const attached = attachWebSocketRpc<Client, { id: number }>(
    createServer(),
    (_request, { client, context }) => ({
      id: () => context.id.toFixed(),
      name: () => client.name(),
    }),
    { authorize: () => ({ context: { id: 1 } }) },
  );
  attached.close();
});
