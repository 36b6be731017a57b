import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { describe, expect, test, vi } from "vitest";
import { newHttpBatchRpcResponse, nodeHttpBatchRpcResponse } from "../src/index.ts";
import { Api, bodyOf, KINDS, listen, SERVERS, serve } from "./support.ts";

const CALL = bodyOf("add", 1, 2);

describe.each(KINDS)("a %s server", (kind) => {
  test("answers with the results, and disposes of its main object", async () => {
    const { ask, disposed } = await SERVERS[kind]();
    const response = await ask({ method: "POST", body: CALL });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('["resolve",1,3]');
    expect(disposed).toEqual(["main"]);
  });

  test("answers an empty batch with an empty one", async () => {
    const { ask } = await SERVERS[kind]();
    const response = await ask({ method: "POST", body: "" });
    expect([response.status, await response.text()]).toEqual([200, ""]);
  });

  test.each(["GET", "PUT", "DELETE"])("refuses the method %s", async (method) => {
    const { ask, disposed } = await SERVERS[kind]();
    const response = await ask({ method });
    expect(response.status).toBe(405);
    expect(disposed).toEqual(["main"]);
    expect(response.headers.get("allow")).toBe("POST");
    expect(await response.text()).toBe("This endpoint only accepts POST requests.");
  });

  test.each([
    ["garbage", /is not valid JSON/],
    [`${CALL}\n\n["pull",1]`, /JSON/],
    ['["pull",5]', /no such export ID: 5/],
    ['["abort",["error","Error","client gave up"]]', /client gave up/],
    ['["nope"]', /bad RPC message/],
  ])("answers %j with 400 and the reason", async (body, reason) => {
    const { ask, disposed } = await SERVERS[kind]();
    const response = await ask({ method: "POST", body });
    expect(response.status).toBe(400);
    expect(await response.text()).toMatch(reason);
    expect(disposed).toEqual(["main"]);
  });

  test("answers a body over its limit with 413", async () => {
    const { ask, disposed } = await SERVERS[kind]({ maxRequestSize: 50 });
    const response = await ask({ method: "POST", body: "x".repeat(51) });
    expect(response.status).toBe(413);
    expect(await response.text()).toMatch(/larger than 50 bytes/);
    expect(disposed).toEqual(["main"]);
  });

  test("declares every answer as plain text", async () => {
    const { ask } = await SERVERS[kind]();
    for (const body of [CALL, '["<script>alert(1)</script>"]']) {
      const { headers } = await ask({ method: "POST", body });
      expect(headers.get("content-type")).toBe("text/plain;charset=UTF-8");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
    }
  });
});

describe("a server of Requests", () => {
  test("ends the session of a client that leaves", async () => {
    const disposed: string[] = [];
    const client = new AbortController();
    const body = '["push",["pipeline",0,["never"],[]]]\n["pull",1]';
    const request = new Request("http://x/", { method: "POST", body, signal: client.signal });
    const response = newHttpBatchRpcResponse(request, new Api(disposed));
    client.abort();
    expect((await response).status).toBe(400);
    expect(disposed).toEqual(["main"]);
  });

  test("ignores a signal that comes after the answer", async () => {
    // Vitest fails a run with unhandled rejections.
    for (const init of [{ method: "GET" }, { method: "POST", body: CALL }]) {
      const client = new AbortController();
      const request = new Request("http://x/", { ...init, signal: client.signal });
      await newHttpBatchRpcResponse(request, new Api());
      client.abort();
      await new Promise((resolve) => setImmediate(resolve));
    }
  });
});

describe("a server of node:http", () => {
  test.each([
    ["none of its own", undefined, {}],
    ["those by name", { "x-own": ["1", "2"], "x-none": undefined }, { "x-own": "1, 2" }],
    [
      "a flat list of them",
      ["X-Own", "1", "Content-Type", "text/x-own"],
      { "x-own": "1", "content-type": "text/x-own" },
    ],
  ])("sends headers: %s", async (_, headers, expected) => {
    const { url } = await serve({ headers });
    const response = await fetch(url, { method: "POST", body: CALL });
    expect(await response.text()).toBe('["resolve",1,3]');
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-type": "text/plain;charset=UTF-8",
      "x-content-type-options": "nosniff",
      ...expected,
    });
  });

  test("declares the length of its answer, in bytes", async () => {
    const { url } = await serve({ headers: { "X-Own": "1" } });
    const body = '["push",["pipeline",0,["echo"],["\u00e9\u{1f642}"]]]\n["pull",1]';
    const response = await fetch(url, { method: "POST", body });
    expect(response.headers.get("content-length")).toBe("22");
    expect(response.headers.has("transfer-encoding")).toBe(false);
    expect(await response.text()).toBe('["resolve",1,"\u00e9\u{1f642}"]');
  });

  test("accepts a body whose chunks split characters", async () => {
    const { url } = await serve();
    const bytes = Buffer.from('["push",["pipeline",0,["echo"],["\u00e9\u{1f642}"]]]\n["pull",1]');
    const client = httpRequest(url, { method: "POST" });
    client.flushHeaders();
    for (const byte of bytes) {
      await new Promise((resolve) => client.write(Buffer.of(byte), resolve));
    }
    client.end();
    const [response] = await once(client, "response");
    const chunks = await response.toArray();
    expect(Buffer.concat(chunks).toString()).toBe('["resolve",1,"\u00e9\u{1f642}"]');
  });

  test("accepts a request that was paused", async () => {
    const url = await listen((request, response) => {
      request.pause();
      return nodeHttpBatchRpcResponse(request, response, new Api());
    });
    const response = await fetch(url, { method: "POST", body: CALL });
    expect(await response.text()).toBe('["resolve",1,3]');
  });

  test("ends if the client left before", async () => {
    let leave!: () => void;
    let ended!: (handled: Promise<void>) => void;
    const handled = new Promise<void>((resolve) => {
      ended = resolve;
    });
    const url = await listen(async (request, response) => {
      leave();
      await once(response, "close");
      ended(nodeHttpBatchRpcResponse(request, response, new Api()));
    });
    const client = httpRequest(url, { method: "POST", headers: { "Content-Length": "1000" } });
    leave = () => client.destroy();
    client.on("error", () => {});
    client.write("half");
    await handled;
  });

  test("stops reading a body as soon as it is too large", async () => {
    const { url } = await serve({ maxRequestSize: 1000 });
    const client = httpRequest(url, { method: "POST" });
    client.on("error", () => {});
    client.write("x".repeat(5000));
    // The request never ends, but the answer comes all the same.
    const [response] = await once(client, "response");
    expect(response.statusCode).toBe(413);
    expect(response.headers.connection).toBe("close");
    client.destroy();
  });

  test("ends the session of a client that leaves, without an unhandled rejection", async () => {
    const disposed: string[] = [];
    let handled: Promise<void> | undefined;
    const url = await listen((request, response) => {
      handled = nodeHttpBatchRpcResponse(request, response, new Api(disposed));
    });
    const client = httpRequest(url, { method: "POST" });
    client.on("error", () => {});
    client.end('["push",["pipeline",0,["never"],[]]]\n["pull",1]');
    await vi.waitFor(() => expect(handled).toBeDefined());
    client.destroy();
    await handled;
    expect(disposed).toEqual(["main"]);
  });

  test("ends if a client leaves in the middle of its body", async () => {
    const disposed: string[] = [];
    let handled: Promise<void> | undefined;
    const url = await listen((request, response) => {
      handled = nodeHttpBatchRpcResponse(request, response, new Api(disposed));
    });
    const client = httpRequest(url, { method: "POST", headers: { "Content-Length": "1000" } });
    client.on("error", () => {});
    client.write("half");
    await vi.waitFor(() => expect(handled).toBeDefined());
    client.destroy();
    await handled;
    expect(disposed).toEqual(["main"]);
  });

  test.each([
    ["text", CALL],
    ["bytes", Buffer.from(CALL)],
  ])("accepts the %s that a body parser left in request.body", async (_, body) => {
    const url = await listen(async (request: any, response) => {
      request.resume();
      await once(request, "end");
      request.body = body;
      await nodeHttpBatchRpcResponse(request, response, new Api());
    });
    const response = await fetch(url, { method: "POST", body: CALL });
    expect(await response.text()).toBe('["resolve",1,3]');
  });

  test("says so if a body parser left no usable body", async () => {
    const url = await listen(async (request: any, response) => {
      request.resume();
      await once(request, "end");
      request.body = { parsed: true };
      await nodeHttpBatchRpcResponse(request, response, new Api());
    });
    const response = await fetch(url, { method: "POST", body: CALL });
    expect(response.status).toBe(400);
    expect(await response.text()).toMatch(/read before/);
  });
});
