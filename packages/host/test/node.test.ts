import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { newHttpBatchRpcSession } from "@capnweb/transport-http";
import { newWebSocketRpcSession } from "@capnweb/transport-ws/node";
import { describe, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { listen } from "../../../testing/http-server.ts";
import { attachHost } from "../src/node.ts";
import { broken, holding, newHost, serve } from "./support.ts";

const byToken = ({ headers }: { headers: { get(name: string): any } }) => {
  const token = headers.get("Authorization");
  return token ? { context: token, identity: token } : { status: 401, reason: "Log in first." };
};

describe("attachHost", () => {
  test("serves WebSockets and batches with one authorize, one main object and one list", async () => {
    const { createMain, release } = holding();
    const { open, http, host } = await serve({ authorize: byToken as any, createMain });
    const api = open(undefined, { authorization: "ada" });
    expect(await api.whoAmI()).toBe("ada");
    expect([...host.sessions]).toEqual([
      expect.objectContaining({ medium: "websocket", identity: "ada", address: "127.0.0.1" }),
    ]);
    const batch = newHttpBatchRpcSession<any>(`${http}/api`, {
      headers: { authorization: "eve" },
    } as any) as any;
    const answer = Promise.all([batch.whoAmI(), batch.hold()]);
    await vi.waitFor(() =>
      expect([...host.sessions].map(({ medium }) => medium)).toEqual(["websocket", "http"]),
    );
    release();
    expect(await answer).toEqual(["eve", "held"]);
    await vi.waitFor(() => expect([...host.sessions]).toHaveLength(1));
  });

  test("refuses WebSockets and batches with the status and the reason", async () => {
    const { open, http } = await serve({ authorize: byToken as any });
    expect(await broken(open())).toMatchObject({ status: 401, body: "Log in first." });
    const answer = await fetch(`${http}/api`, { method: "POST", body: "" });
    expect([answer.status, await answer.text()]).toEqual([401, "Log in first."]);
  });

  test("lets a web page read why its WebSocket is refused", async () => {
    const { open, port } = await serve({ authorize: byToken as any });
    const reason = await broken(open(undefined, { origin: `http://127.0.0.1:${port}` }));
    expect(reason).toMatchObject({ code: "REFUSED", status: 401, message: "Log in first." });
  });

  test("shares maxSessions between all media, and says when to try again", async () => {
    const { open, http, host } = await serve({ maxSessions: 1, onError() {} });
    const api = open();
    await api.add(1, 2);
    const answer = await fetch(`${http}/api`, { method: "POST", body: "" });
    expect([answer.status, answer.headers.get("Retry-After")]).toEqual([503, "1"]);
    expect(host.size).toBe(1);
    api[Symbol.dispose]();
    await vi.waitFor(() => expect(host.size).toBe(0));
    expect((await fetch(`${http}/api`, { method: "POST", body: "" })).status).toBe(200);
  });

  test("gives the client of a batch a stub that says why it can't be called", async () => {
    const errors: any[] = [];
    const { http } = await serve({
      createMain: (_context: unknown, { client }: any) => ({
        callBack: () => client.notify().catch((error: Error) => void errors.push(error.message)),
      }),
    });
    await (newHttpBatchRpcSession<any>(`${http}/api`) as any).callBack();
    expect(errors[0]).toMatch(/client of an HTTP batch can't answer/);
  });

  test("checks origins for both media", async () => {
    const { http, ws } = await serve({ origins: ["https://app.example"], onError() {} });
    const headers = { origin: "https://evil.example" };
    expect((await fetch(`${http}/api`, { method: "POST", body: "", headers })).status).toBe(403);
    const [error] = await once(new WebSocket(ws, { headers }), "error");
    expect(error.message).toMatch(/403/);
  });

  test("leaves other paths alone, and answers them with 404 if nothing else listens", async () => {
    const { http, server } = await serve();
    expect((await fetch(`${http}/other`)).status).toBe(404);
    server.on("request", ({ url }, response) => {
      if (url === "/other") response.end("mine");
    });
    expect(await (await fetch(`${http}/other`)).text()).toBe("mine");
  });
});

describe("attachHost on the server of an application", () => {
  test("keeps its requests from the application, which gets all others", async () => {
    const { server, port } = await listen();
    const seen: unknown[] = [];
    server.on("request", ({ url }, response) => {
      seen.push(url);
      response.writeHead(418).end();
    });
    const attached = attachHost(newHost(), server, { path: "/api" });
    const status = async (path: string, init = {}) =>
      (await fetch(`http://127.0.0.1:${port}${path}`, init)).status;
    const post = { method: "POST", body: "" };
    expect([await status("/api", post), await status("/health")]).toEqual([200, 200]);
    expect(seen).toEqual([]);
    expect([await status("/other"), await status("/api/other", post)]).toEqual([418, 418]);
    attached.close();
    expect(await status("/api", post)).toBe(418);
    expect(seen).toEqual(["/other", "/api/other", "/api"]);
  });

  test("knows the clients of a proxy by the header that it sets, over both media", async () => {
    const { server, port } = await listen();
    const host = newHost({
      createMain: (_context, { request }) => ({ from: () => request.address }),
    });
    const addressOf = ({ headers }: IncomingMessage) => String(headers["x-real-ip"]);
    attachHost(host, server, { path: "/api", addressOf });
    const headers = { "x-real-ip": "192.0.2.7" };
    const url = `127.0.0.1:${port}/api`;
    using api = newWebSocketRpcSession<any>(`ws://${url}`, undefined, { headers }) as any;
    const batch = newHttpBatchRpcSession<any>(`http://${url}`, { headers }) as any;
    expect(await Promise.all([api.from(), batch.from()])).toEqual(["192.0.2.7", "192.0.2.7"]);
  });
});

describe("health checks", () => {
  test("say that the host is alive and ready, and that it drains", async () => {
    const { http, host, open } = await serve();
    const states = async () =>
      (await Promise.all(["health", "ready"].map((path) => fetch(`${http}/${path}`)))).map(
        ({ status }) => status,
      );
    expect(await states()).toEqual([200, 200]);
    const api = open();
    const call = api.wait(300);
    await api.add(1, 2);
    const drained = host.drain({ deadline: 60_000 });
    expect(await states()).toEqual([200, 503]);
    expect(await (await fetch(`${http}/ready`)).text()).toBe('{"status":"draining"}\n');
    expect(await call).toBe("waited");
    api[Symbol.dispose]();
    await drained;
    expect(host.health()).toMatchObject({ status: "closed", isReady: false, sessions: 0 });
    expect(await states()).toEqual([200, 503]);
  });

  test("answer HEAD without a body, refuse other methods, and can be turned off or moved", async () => {
    const { http } = await serve({}, { healthPath: false, readyPath: "/up" });
    const head = await fetch(`${http}/up`, { method: "HEAD" });
    expect([head.status, await head.text()]).toEqual([200, ""]);
    expect((await fetch(`${http}/up`, { method: "POST" })).status).toBe(405);
    expect((await fetch(`${http}/health`)).status).toBe(404);
    expect((await fetch(`${http}/up?x=1`)).status).toBe(200);
  });

  test("answer under a flood, without a look at the sessions", async () => {
    const { http, host } = await serve();
    const look = vi.spyOn(host, "sessions", "get");
    const answers = await Promise.all(Array.from({ length: 500 }, () => fetch(`${http}/ready`)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(look).not.toHaveBeenCalled();
  });
});

describe("the reason of a session's end", () => {
  test.each([[false as const], [{}]])("has a code, with resume: %j", async (resume) => {
    const codes: unknown[] = [];
    const onEnd = (_: unknown, reason: unknown) => void codes.push((reason as any)?.code);
    const { host, open } = await serve({ onEnd, resume });
    const api = open();
    await api.add(1, 2);
    api[Symbol.dispose]();
    await vi.waitFor(() => expect(codes).toEqual(["WEBSOCKET_CLOSED"]));
    await open().add(1, 2);
    for (const session of host.sessions) session.close("Bye.");
    await vi.waitFor(() => expect(codes).toHaveLength(2));
    expect(codes[1]).toMatch(/^(WEBSOCKET_CLOSED|GOING_AWAY)$/);
  });
});
