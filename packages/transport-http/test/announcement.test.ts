import { EncodeError, LimitError, PathError, RpcTarget } from "@capnweb/core";
import { describe, expect, test, vi } from "vitest";
import {
  type HttpBatchClientOptions,
  newHttpBatchRpcHandler,
  newHttpBatchRpcResponse,
  newHttpBatchRpcSession,
} from "../src/index.ts";
import { Api, bodyOf, failure, serve } from "./support.ts";

class Failing extends RpcTarget {
  limited(): never {
    throw new LimitError("too much", "maxPipes");
  }
  unsendable(): any {
    return new Map();
  }
  give(error: unknown) {
    given = error;
  }
}
let given: unknown;

/** A batch's main stub, of a server in this process, and the headers of both sides. */
function connected(
  client: Omit<HttpBatchClientOptions, "fetch"> = {},
  announce?: false,
  target: string | Request = "http://server.invalid/",
) {
  const headers: (string | null)[] = [];
  const api = newHttpBatchRpcSession<Failing>(target, {
    ...client,
    async fetch(request) {
      const response = await newHttpBatchRpcResponse(request, new Failing(), { announce });
      headers.push(request.headers.get("Accept"), response.headers.get("Content-Type"));
      return response;
    },
  });
  return { api: api as any, headers };
}

describe("the library's own errors", () => {
  test("keep their class and code in a batch between two ends of this library", async () => {
    const { api } = connected();
    const failures = [api.limited(), api.unsendable(), api.nothing()].map(failure);
    const [limited, unsendable, nothing] = await Promise.all(failures);
    expect(limited).toBeInstanceOf(LimitError);
    expect(limited).toMatchObject({ code: "LIMIT", limit: "maxPipes" });
    expect(unsendable).toBeInstanceOf(EncodeError);
    expect(nothing).toBeInstanceOf(PathError);
  });

  test.each<[string, HttpBatchClientOptions, false | undefined]>([
    ["its client announces nothing", { announce: false }, undefined],
    ["its server announces nothing", {}, false],
    ["the application has an Accept of its own", { headers: { accept: "text/*" } }, undefined],
  ])("have no code if %s", async (_, client, server) => {
    const { api, headers } = connected(client, server);
    const error = await failure(api.limited());
    expect(error).not.toBeInstanceOf(LimitError);
    expect(error).toMatchObject({ name: "TypeError", message: "too much" });
    expect(error.code).toBe(undefined);
    expect(headers[1]).toBe("text/plain;charset=UTF-8");
  });

  test("need only headers that browsers allow every page", async () => {
    const request = new Request("http://server.invalid/", { headers: { "X-Own": "1" } });
    const { api, headers } = connected({ headers: { "X-Other": "2" } }, undefined, request);
    await api.give(0);
    // The Fetch standard's rule for a CORS-safelisted Accept.
    expect(headers[0]!.length).toBeLessThanOrEqual(128);
    expect(headers[0]).not.toMatch(/["():<>?@[\\\]{}\x7f]/);
    expect(headers[0]).toMatch(/capnweb=errors\.json\.table, \*\/\*$/);
  });
});

describe("lists in the response", () => {
  const list = Array.from({ length: 20 }, (_, id) => ({ id, tags: ["a"] }));

  /** The result of `list()`, and the response's body. */
  async function received(client: Omit<HttpBatchClientOptions, "fetch">, announce?: false) {
    let body = "";
    const api: any = newHttpBatchRpcSession("http://server.invalid/", {
      ...client,
      async fetch(request) {
        const main = { list: () => list };
        const response = await newHttpBatchRpcResponse(request, main, { announce });
        body = await response.clone().text();
        return response;
      },
    });
    return { result: await api.list(), body };
  }

  test("are documents for a client of this library", async () => {
    const { result, body } = await received({});
    expect(result).toEqual(list);
    expect(body).toContain('["table",{"id":[[0,1,');
    expect(body).toContain('"tags":["json",[["a"],');
  });

  test.each<[string, HttpBatchClientOptions, false | undefined]>([
    ["the client announces nothing", { announce: false }, undefined],
    ["the server announces nothing", {}, false],
    ["the client takes no documents", { headers: { accept: "*/*;capnweb=errors" } }, undefined],
    ["the client takes others", { headers: { accept: "*/*;capnweb=errors.cbor" } }, undefined],
  ])("are ordinary expressions if %s", async (_, client, announce) => {
    const { result, body } = await received(client, announce);
    expect(result).toEqual(list);
    expect(body).not.toMatch(/"table"|"json"/);
  });
});

describe("the failure of a batch over a limit", () => {
  test.each([
    ["maxRequestSize", { maxRequestSize: 10 }, "add", 413],
    ["maxResponseSize", { maxResponseSize: 10 }, "echo", 507],
    ["batchTimeout", { batchTimeout: 20 }, "never", 504],
    ["maxMessageSize", { limits: { maxMessageSize: 20 }, maxRequestSize: 1_000 }, "add", 413],
  ] as const)(
    "names the limit at the client and to onLimit: %s",
    async (limit, options, method, status) => {
      const onLimit = vi.fn();
      const { url } = await serve({ ...options, onLimit });
      const api = newHttpBatchRpcSession<Api>(url) as any;
      expect(await failure(api[method]("x".repeat(20)))).toMatchObject({ limit, status });
      expect(onLimit).toHaveBeenCalledOnce();
      expect(onLimit.mock.calls[0]![0]).toMatchObject({ code: "LIMIT", limit });
    },
  );

  test("names the client's own limit", async () => {
    const { url } = await serve();
    const api = newHttpBatchRpcSession<Api>(url, { maxResponseSize: 10 });
    expect(await failure(api.text(20))).toMatchObject({
      code: "TOO_LARGE",
      limit: "maxResponseSize",
    });
  });

  test("names the limit to pages of other origins as well", async () => {
    const handler = newHttpBatchRpcHandler(() => new Api(), {
      maxSessions: 0,
      cors: { origin: "https://app.example" },
    });
    const response = await handler(
      new Request("http://server.invalid/", {
        method: "POST",
        body: bodyOf("add"),
        headers: { Origin: "https://app.example" },
      }),
    );
    expect(response.headers.get("Capnweb-Limit")).toBe("maxSessions");
    expect(response.headers.get("Access-Control-Expose-Headers")).toBe("Capnweb-Limit");
  });

  test("names no limit if the server names an unknown one", async () => {
    const api = newHttpBatchRpcSession<Api>("http://server.invalid/", {
      fetch: async () =>
        new Response("", { status: 413, headers: { "Capnweb-Limit": "toString" } }),
    });
    const error = await failure(api.add(1, 2));
    expect(error).toMatchObject({ code: "TOO_LARGE" });
    expect(error.limit).toBe(undefined);
  });
});
