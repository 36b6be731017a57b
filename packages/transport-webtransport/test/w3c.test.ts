import { describe, expect, test, vi } from "vitest";
import { acceptWebTransportRpcSession, newWebTransportRpcSession } from "../src/index.ts";
import { Api } from "./support/api.ts";
import { pairOfStreams } from "./support/pair.ts";
import { broken } from "./support/serve.ts";

/** Two ends of a session with the W3C's interface, in memory. */
function pairOfSessions() {
  const [client, server] = [new FakeSession(), new FakeSession()];
  client.peer = server;
  server.peer = client;
  return { client, server };
}

class FakeSession {
  peer!: FakeSession;
  ready: Promise<unknown> = Promise.resolve();
  readonly closes: unknown[] = [];
  #incoming!: ReadableStreamDefaultController<unknown>;
  #settle!: { resolve(info: object): void; reject(reason: unknown): void };
  readonly closed = new Promise<object>((resolve, reject) => {
    this.#settle = { resolve, reject };
  });
  readonly incomingBidirectionalStreams = new ReadableStream<unknown>({
    start: (controller) => {
      this.#incoming = controller;
    },
  });

  async createBidirectionalStream() {
    const { near, far } = pairOfStreams();
    this.peer.#incoming.enqueue(far);
    return near as never;
  }

  close(info: object = {}) {
    this.closes.push(info);
    this.#settle.resolve(info);
    this.peer.#settle.resolve(info);
  }

  lose() {
    for (const each of [this, this.peer]) each.#settle.reject(new Error("network"));
  }
}

describe("a session on the W3C's WebTransport", () => {
  test("carries calls both ways, the server's first", async () => {
    const { client, server } = pairOfSessions();
    const received = acceptWebTransportRpcSession<Api>(server, new Api()) as any;
    const sum = received.add(1, 2);
    const api: any = newWebTransportRpcSession<Api>(client, new Api());
    expect(await sum).toBe(3);
    expect(await api.add(3, 4)).toBe(7);
  });

  test("accepts the type of the browser's own class", () => {
    // Checked by the compiler.
    const fits = (session: WebTransport) => {
      newWebTransportRpcSession(session);
      acceptWebTransportRpcSession(session);
    };
    expect(fits).toBeInstanceOf(Function);
  });

  test("is opened by the runtime's class from a URL and hashes", async () => {
    const { client, server } = pairOfSessions();
    const made: unknown[][] = [];
    vi.stubGlobal("WebTransport", function WebTransport(...args: unknown[]) {
      made.push(args);
      return client;
    });
    const hash = { algorithm: "sha-256", value: new Uint8Array(32) };
    const options = { serverCertificateHashes: [hash] };
    acceptWebTransportRpcSession(server, new Api());
    const api: any = newWebTransportRpcSession<Api>("https://x.example/", undefined, options);
    expect(await api.add(1, 2)).toBe(3);
    expect(made).toEqual([["https://x.example/", { serverCertificateHashes: [hash] }]]);
    vi.unstubAllGlobals();
  });

  test("is closed when the RPC session ends, by the side that was told", async () => {
    const { client, server } = pairOfSessions();
    acceptWebTransportRpcSession(server, new Api());
    const api: any = newWebTransportRpcSession<Api>(client);
    await api.add(1, 2);
    api[Symbol.dispose]();
    await server.closed;
    expect(server.closes).toEqual([{ closeCode: 3000, reason: "" }]);
  });

  test("reports the peer's close code and reason", async () => {
    const { client, server } = pairOfSessions();
    acceptWebTransportRpcSession(server, new Api());
    const api: any = newWebTransportRpcSession<Api>(client);
    await api.add(1, 2);
    server.close({ closeCode: 7, reason: "maintenance" });
    expect(await broken(api)).toMatchObject({
      message: "The peer closed the WebTransport session: 7 maintenance",
      closeCode: 7,
      reason: "maintenance",
    });
  });

  test("reports a lost connection as such, with the cause", async () => {
    const { client, server } = pairOfSessions();
    acceptWebTransportRpcSession(server, new Api());
    const api: any = newWebTransportRpcSession<Api>(client);
    await api.add(1, 2);
    const pending = api.never().catch((error: unknown) => error);
    client.lose();
    expect(await pending).toMatchObject({
      message: "The WebTransport connection was lost.",
      cause: { message: "network" },
    });
  });

  test("is given up if it isn't ready in time, and closed once it is", async () => {
    const { client } = pairOfSessions();
    let becomeReady!: (value: unknown) => void;
    client.ready = new Promise((resolve) => (becomeReady = resolve));
    const api = newWebTransportRpcSession<Api>(client, undefined, { openTimeout: 10 });
    expect((await broken(api)).message).toBe(
      "The WebTransport session was not open after 10 ms (openTimeout).",
    );
    client.closes.length = 0;
    becomeReady(undefined);
    await vi.waitFor(() => expect(client.closes).toHaveLength(1));
  });

  test("is given up if its client opens no stream", async () => {
    const { server } = pairOfSessions();
    const stub = acceptWebTransportRpcSession(server, new Api(), { openTimeout: 10 });
    expect((await broken(stub)).message).toMatch(/not open after 10 ms/);
    expect(server.closes).toMatchObject([{ closeCode: 1008 }, { closeCode: 1008 }]);
  });

  test("fails calls with the cause if it can't be opened", async () => {
    const { client } = pairOfSessions();
    client.ready = Promise.reject(new Error("no route"));
    const api = newWebTransportRpcSession<Api>(client);
    expect(await broken(api)).toMatchObject({
      message: "The WebTransport session could not be opened.",
      cause: { message: "no route" },
    });
  });

  test("leaves its other streams to the application", async () => {
    const { client, server } = pairOfSessions();
    acceptWebTransportRpcSession(server, new Api());
    const api: any = newWebTransportRpcSession<Api>(client);
    expect(await api.add(1, 2)).toBe(3);
    await client.createBidirectionalStream();
    const reader = server.incomingBidirectionalStreams.getReader();
    expect((await reader.read()).done).toBe(false);
  });
});
