import { createServer } from "node:http";
import { intercept, RpcSession, RpcTarget } from "@capnweb/core";
import { MessagePortTransport } from "@capnweb/transport-messageport";
import { expect, test } from "vitest";
import { attachHost, RpcHost, routeRequests } from "../src/node.ts";

class Api extends RpcTarget {
  greet(name: string) {
    return `Hello, ${name}!`;
  }
}

async function callThrough(host: RpcHost): Promise<string> {
  const { port1, port2 } = new MessageChannel();
  const client = new RpcSession<Api>(new MessagePortTransport(port1));
  await host.accept(new MessagePortTransport(port2), { medium: "memory" });
  const answer = await client.getRemoteMain().greet("Ada");
  client.getRemoteMain()[Symbol.dispose]();
  return answer;
}

test("a watcher sees the messages and the end of sessions, and the host still does", async () => {
  const seen: string[] = [];
  const host = new RpcHost({
    createMain: () => new Api(),
    onMessage: (direction) => seen.push(`host ${direction}`),
  });
  const ended = new Promise<void>((resolve) => {
    host.watch(({ medium }) => ({
      onMessage: (direction) => seen.push(`${medium} ${direction}`),
      onSession: (session) => session.onClose(() => resolve()),
    }));
  });
  expect(await callThrough(host)).toBe("Hello, Ada!");
  await ended;
  expect(seen.slice(0, 2)).toEqual(["memory in", "host in"]);
  expect(seen).toContain("memory out");
});

test("a watcher's interceptors run around those of the host", async () => {
  const order: string[] = [];
  const noting = (name: string) =>
    intercept({
      serve(_call, next) {
        order.push(name);
        return next();
      },
    });
  const host = new RpcHost({ createMain: () => new Api(), interceptors: noting("host") });
  host.watch(() => ({ interceptors: noting("watcher") }));
  await callThrough(host);
  expect(order).toEqual(["watcher", "host"]);
});

test("a stopped watcher sees no new session", async () => {
  let sessions = 0;
  const host = new RpcHost({ createMain: () => new Api() });
  const stop = host.watch(() => {
    sessions++;
    return undefined;
  });
  await callThrough(host);
  stop();
  await callThrough(host);
  expect(sessions).toBe(1);
});

test("routes beside a host answer their requests, and the rest gets 404", async () => {
  const host = new RpcHost({ createMain: () => new Api() });
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  const attached = attachHost(host, server, { path: "/api" });
  const remove = routeRequests(server, ({ url }, response) => {
    if (url !== "/version") return false;
    response.end("1");
    return true;
  });
  const get = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).status;
  try {
    expect([await get("/version"), await get("/health"), await get("/other")]).toEqual([
      200, 200, 404,
    ]);
    attached.close();
    expect(await get("/health")).toBe(404);
    remove();
    server.on("request", (_request, response) => response.writeHead(418).end());
    expect(await get("/version")).toBe(418);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
