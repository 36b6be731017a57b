import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { type HttpBatchClientOptions, newHttpBatchRpcSession } from "../src/index.ts";
import { type Api, failure, listen } from "./support.ts";

const URL_GIVEN = "http://server.invalid/api";

afterEach(() => {
  vi.unstubAllGlobals();
});

/** The Request that a batch is sent as. */
async function requestOf(target: string | Request, options: HttpBatchClientOptions) {
  let seen!: Request;
  const fetch = async (request: Request) => {
    seen = request;
    return new Response('["resolve",1,3]');
  };
  await newHttpBatchRpcSession<Api>(target, { ...options, fetch }).add(1, 2);
  return seen;
}

describe("the settings of a batch's request", () => {
  const SETTINGS = {
    credentials: "include",
    cache: "no-store",
    mode: "same-origin",
    redirect: "error",
    keepalive: true,
    referrer: "",
    referrerPolicy: "no-referrer",
    integrity: "sha256-AAAA",
  } as const;

  test("come from the options", async () => {
    expect(await requestOf(URL_GIVEN, SETTINGS)).toMatchObject({ ...SETTINGS, method: "POST" });
  });

  test("come from a Request", async () => {
    const request = new Request(URL_GIVEN, SETTINGS);
    expect(await requestOf(request, {})).toMatchObject({ ...SETTINGS, method: "POST" });
  });

  test("come from the options rather than from a Request", async () => {
    const request = new Request(URL_GIVEN, SETTINGS);
    expect(await requestOf(request, { credentials: "omit" })).toMatchObject({
      ...SETTINGS,
      credentials: "omit",
    });
  });

  test("reach the global fetch unchanged, and only if they are set", async () => {
    const fetch = vi.fn(async () => new Response('["resolve",1,3]'));
    vi.stubGlobal("fetch", fetch);
    const options = { priority: "high", cache: undefined } as const;
    await newHttpBatchRpcSession<Api>(URL_GIVEN, options).add(1, 2);
    expect(fetch).toHaveBeenCalledWith(URL_GIVEN, {
      method: "POST",
      body: expect.any(String),
      signal: expect.any(AbortSignal),
      headers: { Accept: expect.stringContaining("*/*") },
      priority: "high",
    });
  });
});

describe("the error of a batch", () => {
  const errorOf = (target: string | Request, options?: HttpBatchClientOptions) =>
    failure(newHttpBatchRpcSession<Api>(target, options).add(1, 2));

  /** A TCP server with its own behaviour. */
  async function listenTcp(onConnection?: (socket: Socket) => void) {
    const server = createServer(onConnection).listen(0, "127.0.0.1");
    await once(server, "listening");
    onTestFinished(() => void server.close());
    return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
  }

  test("says that the connection was refused", async () => {
    const { server, url } = await listenTcp();
    server.close();
    await once(server, "close");
    const error = await errorOf(`${url}api?token=secret`);
    expect(error).toMatchObject({ code: "NETWORK", cause: { name: "TypeError" } });
    expect(error.message).toContain(`RPC request to ${url}api failed`);
    expect(error.message).toMatch(/ECONNREFUSED.*Is the server running/);
    expect(error.message).not.toContain("secret");
  });

  test("says that the connection was cut off", async () => {
    const { url } = await listenTcp((socket) => {
      socket.once("data", () => socket.destroy());
    });
    expect((await errorOf(url)).message).toMatch(/other side closed \(UND_ERR_SOCKET\)/);
    const { url: reset } = await listenTcp((socket) => {
      socket.once("data", () => socket.resetAndDestroy());
    });
    expect((await errorOf(reset)).message).toMatch(/ECONNRESET/);
  });

  test("says that the response was cut off", async () => {
    const url = await listen((request, response) => {
      request.resume().once("end", () => {
        response.write('["resolve",');
        response.once("drain", () => {});
        setImmediate(() => response.destroy());
      });
    });
    const error = await errorOf(url);
    expect(error).toMatchObject({ code: "NETWORK" });
    expect(error.message).toContain(url);
  });

  test.each(["/api", "example.com"])("to %s shows the form of a URL", async (url) => {
    const error = await errorOf(url);
    expect(error).toMatchObject({ code: "BAD_URL" });
    expect(error.message).toMatch(new RegExp(`"${url}" .*must be absolute`));
  });

  test("to a WebSocket's URL says so", async () => {
    const error = await errorOf("ws://127.0.0.1/api");
    expect(error).toMatchObject({ code: "BAD_URL" });
    expect(error.message).toMatch(/not ws:\/\/127\.0\.0\.1\/api\. Sessions over WebSockets/);
  });

  test("to a web page says so", async () => {
    const url = await listen((_, response) => {
      response.setHeader("Content-Type", "text/html");
      response.end("\n<!doctype html><title>App</title>");
    });
    const error = await errorOf(`${url}api`);
    expect(error).toMatchObject({ code: "NOT_A_BATCH", status: 200 });
    expect(error.message).toMatch(/api answered with a web page.*Is that the URL of an RPC/);
  });

  test("to an error page in HTML leaves the HTML out", async () => {
    const url = await listen((_, response) => {
      response.writeHead(404).end("<!DOCTYPE html><pre>Cannot POST /api</pre>");
    });
    const { message } = await errorOf(url);
    expect(message).toMatch(/failed: 404 Not Found: a web page \(.*Is that the URL of an RPC/);
    expect(message).not.toContain("<");
  });

  test("to another kind of endpoint shows its answer", async () => {
    const url = await listen((_, response) => response.end('{"status":"ok"}'));
    const error = await errorOf(url);
    expect(error).toMatchObject({ code: "NOT_A_BATCH" });
    expect(error.message).toContain('"{"status":"ok"}"');
  });

  test("that was redirected names both URLs", async () => {
    const url = await listen((request, response) => {
      if (request.url === "/old") response.writeHead(301, { Location: "/new" }).end();
      else response.writeHead(405).end("Only POST.");
    });
    const followed = await errorOf(`${url}old`);
    expect(followed).toMatchObject({ code: "HTTP_STATUS", status: 405 });
    expect(followed.message).toMatch(/405.*\/new\).*\/old redirected there.*use the URL/);
    const manual = await errorOf(`${url}old`, { redirect: "manual" });
    expect(manual.message).toMatch(/301.*redirects to \/new/);
  });

  test.each([404, 405])("that is answered %i asks to check the URL", async (status) => {
    const url = await listen((_, response) => response.writeHead(status).end());
    const error = await errorOf(`${url}ap`);
    expect(error).toMatchObject({ code: "HTTP_STATUS", status });
    expect(error.message).toMatch(/\/ap\)\. Is that the URL of an RPC endpoint/);
  });

  test("in a page mentions CORS as a possible cause", async () => {
    vi.stubGlobal("location", new URL("https://app.example/page"));
    const fetch = () => Promise.reject(new TypeError("Failed to fetch"));
    const other = await errorOf("https://api.example/rpc", { fetch });
    expect(other.message).toMatch(
      /https:\/\/api\.example\/rpc failed: Failed to fetch.*"cors" option.*https:\/\/app\.example/,
    );
    const own = await errorOf("/rpc", { fetch: () => globalThis.fetch("http://x.invalid:1") });
    expect(own.message).not.toContain("cors");
  });

  test("with the mode no-cors says that its response is hidden", async () => {
    const fetch = async () => Object.defineProperty(Response.error(), "type", { value: "opaque" });
    const error = await errorOf(URL_GIVEN, { fetch });
    expect(error.message).toMatch(/"no-cors" hides the response/);
  });

  test("has the error of a custom fetch as its cause", async () => {
    const thrown = new Error("offline");
    const error = await errorOf(URL_GIVEN, { fetch: () => Promise.reject(thrown) });
    expect(error).toMatchObject({ code: "NETWORK", cause: thrown });
    expect(error.message).toContain("offline");
  });
});
