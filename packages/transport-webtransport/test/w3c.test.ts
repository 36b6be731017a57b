import { describe, expect, test, vi } from "vitest";
import { acceptWebTransportRpcSession, newWebTransportRpcSession } from "../src/index.ts";
import { Api } from "./support/api.ts";
import { pairOfStreams } from "./support/pair.ts";
import { broken } from "./support/serve.ts";

/** Two ends of a session as the W3C has them, in memory. */
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

describe("sessions as the W3C has them", () => {
  test("call each other, the server first", async () => {
    const { client, server } = pairOfSessions();
    const received = acceptWebTransportRpcSession<Api>(server, new Api()) as any;
    const sum = received.add(1, 2);
    const api: any = newWebTransportRpcSession<Api>(client, new Api());
    expect(await sum).toBe(3);
    expect(await api.add(3, 4)).toBe(7);
  });

  test("the browser's own class fits", () => {
    // Checked by the compiler.
    const fits = (session: WebTransport) => {
      newWebTransportRpcSession(session);
      acceptWebTransportRpcSession(session);
    };
    expect(fits).toBeInstanceOf(Function);
  });

  test("a runtime's WebTransport is made of a URL, and given the hashes", async () => {
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

  test("are closed when the RPC session ends, by the side that was told", async () => {
    const { client, server } = pairOfSessions();
    acceptWebTransportRpcSession(server, new Api());
    const api: any = newWebTransportRpcSession<Api>(client);
    await api.add(1, 2);
    api[Symbol.dispose]();
    await server.closed;
    expect(server.closes).toEqual([{ closeCode: 3000, reason: "" }]);
  });

  test("a close code and reason are in the error", async () => {
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

  test("a lost connection is one, with the cause", async () => {
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

  test("one that isn't ready in time is given up, and closed once it is", async () => {
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

  test("one whose client opens no stream is given up too", async () => {
    const { server } = pairOfSessions();
    const stub = acceptWebTransportRpcSession(server, new Api(), { openTimeout: 10 });
    expect((await broken(stub)).message).toMatch(/not open after 10 ms/);
    expect(server.closes).toMatchObject([{ closeCode: 1008 }, { closeCode: 1008 }]);
  });

  test("one that fails to open breaks the session, with the cause", async () => {
    const { client } = pairOfSessions();
    client.ready = Promise.reject(new Error("no route"));
    const api = newWebTransportRpcSession<Api>(client);
    expect(await broken(api)).toMatchObject({
      message: "The WebTransport session could not be opened.",
      cause: { message: "no route" },
    });
  });

  test("the accepted session's other streams are left to the application", async () => {
    const { client, server } = pairOfSessions();
    acceptWebTransportRpcSession(server, new Api());
    const api: any = newWebTransportRpcSession<Api>(client);
    expect(await api.add(1, 2)).toBe(3);
    await client.createBidirectionalStream();
    const reader = server.incomingBidirectionalStreams.getReader();
    expect((await reader.read()).done).toBe(false);
  });
});
