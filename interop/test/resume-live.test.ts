import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { ResumeAcceptor, ResumingTransport } from "@capnweb/resume";
import { testTransport } from "@capnweb/testkit/vitest";
import { WebSocketPushTransport } from "@capnweb/transport-ws";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { createApi } from "../src/application.ts";
import { type Implementation, OUR_WAYS, REFERENCE } from "../src/implementation.ts";
import { connectResuming, type ResumingPair } from "../src/resuming.ts";
import { runInMemory } from "../src/run-in-memory.ts";
import { scenarios } from "../src/scenarios/index.ts";

// The reference reads constants of the global class, which Node 20 doesn't have.
(globalThis as { WebSocket?: unknown }).WebSocket ??= WebSocket;

const OURS = OUR_WAYS["ours with extensions"]!;

/** A server over real sockets, and a client of it. */
interface Live {
  connect(): any;
  stop(): Promise<void>;
}

/** Starts a server that accepts with an acceptor. The reference knows nothing of it. */
async function listen(onSocket: (socket: WebSocket) => void) {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await once(server, "listening");
  server.on("connection", onSocket);
  const { port } = server.address() as AddressInfo;
  const stop = async () => {
    for (const client of server.clients) client.terminate();
    server.close();
    await once(server, "close");
  };
  return { url: `ws://127.0.0.1:${port}/`, stop };
}

async function referenceClient(createMain: () => unknown): Promise<Live> {
  const acceptor = new ResumeAcceptor();
  const { url, stop } = await listen(async (socket) => {
    const { kind, transport } = await acceptor.accept(new WebSocketPushTransport(socket as any));
    expect(kind).toBe("plain");
    new OURS.RpcSession(transport, createMain());
  });
  return { connect: () => REFERENCE.newWebSocketRpcSession(new WebSocket(url)), stop };
}

async function referenceServer(createMain: () => unknown): Promise<Live> {
  const { url, stop } = await listen((socket) => {
    REFERENCE.newWebSocketRpcSession(socket, createMain());
  });
  const open = async () => {
    const socket = new WebSocket(url);
    await once(socket, "open");
    return new WebSocketPushTransport(socket as any);
  };
  return {
    connect: () => new OURS.RpcSession(new ResumingTransport(open)).getRemoteMain() as any,
    stop,
  };
}

const PAIRS: readonly [string, "client" | "server", typeof referenceClient, Implementation][] = [
  ["the reference's client, our accepting server", "client", referenceClient, REFERENCE],
  ["our resuming client, the reference's server", "server", referenceServer, OURS],
];

describe.each(PAIRS)("%s", (_, referenceSide, start, client) => {
  let live: Live;
  const events: string[] = [];
  const server = referenceSide === "client" ? OURS : REFERENCE;

  beforeAll(async () => {
    live = await start(() => createApi(server, events));
  });
  afterAll(() => live.stop());

  const applicable = scenarios.filter(({ deviates }) => deviates?.where !== referenceSide);

  test.each(applicable)("$name", async (scenario) => {
    const expected = await runInMemory(scenario, OURS, OURS);
    events.length = 0;
    const api = live.connect();
    const settle = async () => {
      for (let i = 0; i < 3; i++) await api.nothing();
    };
    const result = await scenario.run({ api, client, events, settle });
    expect(JSON.stringify(result)).toBe(expected.result);
    api[Symbol.dispose]();
  });
});

test("a connection that breaks ends a session with the reference's server", async () => {
  const live = await referenceServer(() => createApi(REFERENCE, []));
  const api = live.connect();
  await api.nothing();
  const broken = new Promise((resolve) => api.onRpcBroken(resolve));
  await live.stop();
  expect(await broken).toMatchObject({ code: "WEBSOCKET_CLOSED" });
});

testTransport("a resuming transport", {
  implementation: OURS,
  features: ["sessions"],
  timeout: 60_000,
  setup({ createMain }) {
    const pairs: ResumingPair[] = [];
    return {
      connect: (main?: unknown) => {
        const pair = connectResuming(OURS, OURS, createMain(), { main });
        pairs.push(pair);
        return pair.client.getRemoteMain();
      },
      stop() {
        for (const { client } of pairs) (client.getRemoteMain() as any)[Symbol.dispose]();
      },
    };
  },
});
