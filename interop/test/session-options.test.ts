// Every function that starts a session, on either side, gives access to it and takes interceptors.
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { MessageChannel } from "node:worker_threads";
import * as compat from "@capnweb/compat";
import { type BaseSession, intercept, type RpcSessionOptions, RpcTarget } from "@capnweb/core";
import * as http from "@capnweb/transport-http";
import { newMessagePortRpcSession } from "@capnweb/transport-messageport";
import * as webtransport from "@capnweb/transport-webtransport";
import * as ws from "@capnweb/transport-ws";
import * as wsNode from "@capnweb/transport-ws/node";
import { expect, onTestFinished, test, vi } from "vitest";
import { WebSocket, WebSocketServer } from "ws";

class Api extends RpcTarget {
  add(a: number, b: number) {
    return a + b;
  }
}

/** Options of which everything is noted, for one side. */
function noted() {
  const sessions: BaseSession<any>[] = [];
  const operations: string[] = [];
  const directions = new Set<string>();
  const options: RpcSessionOptions = {
    onSession: (session) => void sessions.push(session),
    onMessage: (direction) => void directions.add(direction),
    interceptors: intercept({
      call(call, next) {
        operations.push(`call ${call.method}`);
        return next();
      },
      serve(call, next) {
        operations.push(`serve ${call.target}.${call.method}`);
        return next();
      },
    }),
  };
  return { sessions, operations, directions, options };
}

interface Started {
  readonly api: any;
  readonly isServerOnly?: boolean;
}

type Start = (client: RpcSessionOptions, server: RpcSessionOptions) => Promise<Started> | Started;

async function port(server: { address(): unknown }): Promise<number> {
  await once(server as never, "listening");
  return (server.address() as AddressInfo).port;
}

async function webSockets(
  newSession: typeof ws.newWebSocketRpcSession,
  client: RpcSessionOptions,
  server: RpcSessionOptions,
): Promise<Started> {
  const sockets = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  onTestFinished(() => void sockets.close());
  sockets.on("connection", (socket) => void newSession(socket, new Api(), server));
  const socket = new WebSocket(`ws://127.0.0.1:${await port(sockets)}/`);
  onTestFinished(() => socket.terminate());
  return { api: newSession<Api>(socket, undefined, client) };
}

async function httpBatch(
  newSession: typeof http.newHttpBatchRpcSession,
  respond: typeof http.nodeHttpBatchRpcResponse,
  client: RpcSessionOptions,
  server: RpcSessionOptions,
): Promise<Started> {
  const listener = createServer((request, response) => {
    void respond(request, response, new Api(), server);
  }).listen(0, "127.0.0.1");
  onTestFinished(() => {
    listener.closeAllConnections();
    listener.close();
  });
  return { api: newSession<Api>(`http://127.0.0.1:${await port(listener)}/`, client) };
}

function messagePorts(
  newSession: typeof newMessagePortRpcSession,
  client: RpcSessionOptions,
  server: RpcSessionOptions,
): Started {
  const { port1, port2 } = new MessageChannel();
  onTestFinished(() => port1.close());
  newSession(port2 as never, new Api(), server);
  return { api: newSession<Api>(port1 as never, undefined, client) };
}

function byteStreams() {
  const up = new TransformStream<Uint8Array, Uint8Array>();
  const down = new TransformStream<Uint8Array, Uint8Array>();
  return {
    near: { readable: down.readable, writable: up.writable },
    far: { readable: up.readable, writable: down.writable },
  };
}

/** The messages of a call of `add(1, 2)`, for a server without a network. */
const MESSAGES = ['["push",["pipeline",0,["add"],[1,2]]]', '["pull",1]'];

const STARTS: Readonly<Record<string, Start>> = {
  "transport-ws: newWebSocketRpcSession": (client, server) =>
    webSockets(ws.newWebSocketRpcSession, client, server),

  "compat: newWebSocketRpcSession": (client, server) =>
    webSockets(compat.newWebSocketRpcSession, client, server),

  async "transport-ws/node: newWebSocketRpcSession, attachWebSocketRpc"(client, server) {
    const listener = createServer().listen(0, "127.0.0.1");
    const attached = wsNode.attachWebSocketRpc(listener, () => new Api(), server);
    const number = await port(listener);
    onTestFinished(() => {
      attached.close();
      listener.close();
    });
    const url = `ws://127.0.0.1:${number}/`;
    return { api: wsNode.newWebSocketRpcSession<Api>(url, undefined, client) };
  },

  "transport-ws: newBunWebSocketRpcHandler"(_client, server) {
    const socket = { send: () => 1, close() {} };
    const handler = ws.newBunWebSocketRpcHandler(() => new Api(), server);
    handler.open(socket);
    for (const message of MESSAGES) handler.message(socket, message);
    return { api: undefined, isServerOnly: true };
  },

  "compat: newBunWebSocketRpcSession"(_client, server) {
    const socket = { send: () => 1, close() {} };
    const { transport } = compat.newBunWebSocketRpcSession(socket, new Api(), server);
    for (const message of MESSAGES) transport.dispatchMessage(message);
    return { api: undefined, isServerOnly: true };
  },

  "compat: newWorkersRpcResponse, of a WebSocket"(_client, server) {
    const socket = Object.assign(new EventTarget(), {
      readyState: 1,
      accept() {},
      send() {},
      close() {},
    });
    vi.stubGlobal("WebSocketPair", function WebSocketPair() {
      return { 0: socket, 1: socket };
    });
    onTestFinished(() => void vi.unstubAllGlobals());
    const request = new Request("http://x/", { headers: { Upgrade: "websocket" } });
    // Only workerd has responses of the status 101.
    void compat.newWorkersRpcResponse(request, new Api(), server).catch(() => {});
    for (const data of MESSAGES) socket.dispatchEvent(new MessageEvent("message", { data }));
    return { api: undefined, isServerOnly: true };
  },

  "transport-http: newHttpBatchRpcSession, nodeHttpBatchRpcResponse": (client, server) =>
    httpBatch(http.newHttpBatchRpcSession, http.nodeHttpBatchRpcResponse, client, server),

  "compat: newHttpBatchRpcSession, nodeHttpBatchRpcResponse": (client, server) =>
    httpBatch(compat.newHttpBatchRpcSession, compat.nodeHttpBatchRpcResponse, client, server),

  "transport-http: newHttpBatchRpcResponse": (client, server) => ({
    api: http.newHttpBatchRpcSession<Api>("http://x/", {
      ...client,
      fetch: (request) => http.newHttpBatchRpcResponse(request, new Api(), server),
    }),
  }),

  "transport-http: newHttpBatchRpcHandler": (client, server) => ({
    api: http.newHttpBatchRpcSession<Api>("http://x/", {
      ...client,
      fetch: http.newHttpBatchRpcHandler(() => new Api(), server),
    }),
  }),

  "compat: newWorkersRpcResponse, of a batch": (client, server) => ({
    api: http.newHttpBatchRpcSession<Api>("http://x/", {
      ...client,
      fetch: (request) => compat.newWorkersRpcResponse(request, new Api(), server),
    }),
  }),

  "transport-messageport: newMessagePortRpcSession": (client, server) =>
    messagePorts(newMessagePortRpcSession, client, server),

  "compat: newMessagePortRpcSession": (client, server) =>
    messagePorts(compat.newMessagePortRpcSession, client, server),

  "transport-webtransport: newWebTransportRpcSession"(client, server) {
    const { near, far } = byteStreams();
    webtransport.newWebTransportRpcSession(far, new Api(), server);
    return { api: webtransport.newWebTransportRpcSession<Api>(near, undefined, client) };
  },

  "transport-webtransport: acceptWebTransportRpcSession"(client, server) {
    const { near, far } = byteStreams();
    const accepted = {
      ready: Promise.resolve(),
      closed: new Promise<never>(() => {}),
      close() {},
      incomingBidirectionalStreams: new ReadableStream({
        start: (controller) => controller.enqueue(far),
      }),
    };
    webtransport.acceptWebTransportRpcSession(accepted as never, new Api(), server);
    return { api: webtransport.newWebTransportRpcSession<Api>(near, undefined, client) };
  },
};

test.each(Object.entries(STARTS))(
  "onSession and interceptors work with %s",
  async (_name, start) => {
    const client = noted();
    const server = noted();
    const { api, isServerOnly } = await start(client.options, server.options);
    if (isServerOnly) await vi.waitFor(() => expect(server.directions.size).toBe(2));
    else {
      expect(client.sessions).toHaveLength(1);
      expect(client.sessions[0]!.getRemoteMain()).toBe(api);
      expect(await api.add(1, 2)).toBe(3);
      expect(client.operations).toEqual(["call add"]);
      expect(client.directions).toEqual(new Set(["in", "out"]));
    }
    expect(server.operations).toEqual(["serve Api.add"]);
    expect(server.sessions).toHaveLength(1);
    expect(server.directions).toEqual(new Set(["in", "out"]));
    const [session] = server.sessions as [BaseSession<any>];
    expect(session.getStats().exports).toBeGreaterThanOrEqual(0);
    if (!isServerOnly) {
      api[Symbol.dispose]();
      await vi.waitFor(() => expect(session.signal.aborted).toBe(true));
      expect(client.sessions[0]!.signal.aborted).toBe(true);
    }
  },
);
