import { newHttpBatchRpcSession } from "@capnweb/transport-http";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { newBunHostHandler, newHostHandler } from "../src/index.ts";
import { newHost } from "./support.ts";

/** A socket whose peer answers a close at once. */
class FakeSocket extends EventTarget {
  readonly readyState = 1;
  send() {}
  close() {
    this.dispatchEvent(new Event("close"));
  }
}

function stubDeno() {
  vi.stubGlobal("Deno", {
    upgradeWebSocket: () => ({ socket: new FakeSocket(), response: { status: 101 } }),
  });
  onTestFinished(() => void vi.unstubAllGlobals());
}

const upgrade = { headers: { upgrade: "websocket" } };

describe.each(["newHostHandler", "newBunHostHandler"] as const)("%s", (name) => {
  /** Answers requests as the runtime would, for a client of an address. */
  function handlerOf(host: any, options: any = {}) {
    stubDeno();
    const address = "192.0.2.7";
    if (name === "newHostHandler") {
      const handler = newHostHandler<[info: unknown]>(host, options);
      return (request: Request) => handler(request, { remoteAddr: { hostname: address } });
    }
    const { fetch, websocket } = newBunHostHandler(host, options);
    const server = {
      requestIP: () => ({ address }),
      upgrade(_request: Request, { data }: { data: unknown }) {
        const socket = {
          data,
          send: () => 1,
          close: () => websocket.close(socket, 1001, ""),
        };
        websocket.open(socket);
        return true;
      },
    };
    return (request: Request) => fetch(request, server);
  }

  test("serves WebSockets and batches at its path, health checks, and nothing else", async () => {
    const host = newHost();
    const handler = handlerOf(host, { path: "/api" });
    const answer = async (path: string, init = {}) =>
      (await handler(new Request(`http://x${path}`, init)))?.status ?? 101;
    expect(await answer("/api", upgrade)).toBe(101);
    expect([...host.sessions]).toMatchObject([{ medium: "websocket", address: "192.0.2.7" }]);
    expect(await answer("/api", { method: "POST", body: "" })).toBe(200);
    expect([await answer("/ready"), await answer("/health")]).toEqual([200, 200]);
    expect([await answer("/"), await answer("/", upgrade)]).toEqual([404, 404]);
    void host.drain({ deadline: 0 });
    expect([await answer("/ready"), await answer("/api", upgrade)]).toEqual([503, 503]);
  });

  test("calls the main object of a batch, with the client's address", async () => {
    const host = newHost({
      createMain: (_context, { request }) => ({ from: () => request.address }),
    });
    const handler = handlerOf(host);
    vi.stubGlobal("fetch", (url: string, init: RequestInit) => handler(new Request(url, init)));
    const batch = newHttpBatchRpcSession<any>("http://x/") as any;
    expect(await batch.from()).toBe("192.0.2.7");
  });

  test("leaves other paths to the fallback, and media that are off", async () => {
    const fallback = async () => new Response("app");
    const handler = handlerOf(newHost(), { webSocket: false, http: false, fallback });
    for (const init of [upgrade, { method: "POST", body: "" }]) {
      expect(await (await handler(new Request("http://x/", init)))?.text()).toBe("app");
    }
  });

  test("checks its options", () => {
    const host = newHost();
    expect(() => handlerOf(host, { pth: "/api" })).toThrow(`${name}() has no option "pth"`);
    expect(() => handlerOf(host, { authorize() {} })).toThrow(/new RpcHost\(\), for all media/);
    expect(() => handlerOf({})).toThrow(/takes an RpcHost first/);
  });
});
