import { connect as connectTcp } from "node:net";
import { connect as connectTls } from "node:tls";
import fc from "fast-check";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { createDevCertificate } from "../src/dev-certificate.ts";
import { newWebTransportRpcSession, serveWebTransportRpc } from "../src/node.ts";
import { Api } from "./support/api.ts";
import {
  CAPSULE,
  capsule,
  closed,
  connectHttp2,
  request,
  responseOf,
  statusOf,
  streamCapsule,
  varint,
} from "./support/http2-client.ts";
import { framed } from "./support/raw-peer.ts";
import { broken, certificate, serve, trusting } from "./support/serve.ts";

describe("a request for a session", () => {
  test("is shown to authorize, which may refuse it with a status", async () => {
    const seen: unknown[] = [];
    const { url, server } = await serve({
      origins: "*",
      authorize({ url, headers }) {
        seen.push([url, headers["origin"]]);
        return url === "/?token=a" ? true : url === "/?token=b" ? 401 : false;
      },
    });
    const session = await connectHttp2(url);
    const answers = ["/?token=a", "/?token=b", "/"].map((path) =>
      statusOf(request(session, path, { origin: "https://page.example" })),
    );
    expect(await Promise.all(answers)).toEqual([200, 401, 403]);
    expect(seen[0]).toEqual(["/?token=a", "https://page.example"]);
    expect(server.sessionCount).toBe(1);
    session.destroy();
  });

  test("is answered 500 if authorize throws, and the error is reported", async () => {
    const errors: unknown[] = [];
    const { open } = await serve({
      authorize: () => Promise.reject(new Error("no database")),
      onError: (error) => errors.push(error),
    });
    expect((await broken(open())).cause.message).toMatch(/with status 500/);
    expect(errors).toEqual([new Error("no database")]);
  });

  test("is refused with the status that authorize gives, or with 500 for other values", async () => {
    const errors: any[] = [];
    const { url } = await serve({ authorize: () => 200, onError: (error) => errors.push(error) });
    const session = await connectHttp2(url);
    expect(await statusOf(request(session))).toBe(500);
    expect(errors[0].message).toMatch(/refused with 200: use a status from 400 to 599/);
    session.destroy();
  });

  test("is accepted at the path, whatever its query", async () => {
    const { url } = await serve({ path: "/api" });
    const session = await connectHttp2(url);
    const paths = ["/api", "/api?x=/", "/api/", "/apis", "/", "/API"];
    const answers = paths.map((path) => statusOf(request(session, path)));
    expect(await Promise.all(answers)).toEqual([200, 200, 404, 404, 404, 404]);
    session.destroy();
  });

  test("is refused if it asks for another protocol", async () => {
    const { url } = await serve();
    const session = await connectHttp2(url);
    const webSocket = request(session, "/", {
      ":protocol": "websocket",
      "sec-websocket-protocol": "webtransport_kDraft1",
    });
    const get = session.request({ ":path": "/" });
    get.on("error", () => {}).resume();
    // Some versions of Node only report that they refuse.
    const answers = [webSocket, get].map((stream) => statusOf(stream).catch(() => "refused"));
    expect(await Promise.all(answers)).not.toContain(200);
    session.destroy();
    const socket = connectTls({ port: Number(new URL(url).port), rejectUnauthorized: false });
    socket.on("error", () => {});
    socket.write("GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
    await closed(socket.resume());
  });

  test("reaches createMain, with the client's path and headers", async () => {
    const seen: unknown[] = [];
    const { url } = await serve({
      createMain(session) {
        seen.push(session);
        return new Api();
      },
    });
    using api: any = newWebTransportRpcSession<Api>(`${url}?user=ada`, undefined, trusting);
    await api.add(1, 1);
    expect(seen).toMatchObject([
      {
        url: "/?user=ada",
        headers: { ":path": "/?user=ada" },
        peerAddress: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      },
    ]);
  });

  test("ends with the reason if its main object can't be made", async () => {
    const errors: unknown[] = [];
    const { open } = await serve({
      createMain() {
        throw new Error("no main");
      },
      onError: (error) => errors.push(error),
    });
    expect(await broken(open())).toMatchObject({
      message:
        "The peer closed the WebTransport session: 1011 The server failed to start the session.",
      closeCode: 1011,
      reason: "The server failed to start the session.",
    });
    expect(errors).toEqual([new Error("no main")]);
  });
});

describe("access to a server", () => {
  test("is refused to pages of other sites before anything runs, with the reason", async () => {
    const authorize = vi.fn(() => true);
    const { url } = await serve({ authorize });
    const session = await connectHttp2(url);
    const evil = { origin: "https://evil.example" };
    const [foreign, own, labelled] = [
      evil,
      { origin: "https://127.0.0.1:8080" },
      { ...evil, "sec-fetch-site": "same-site" },
    ].map((headers) => responseOf(request(session, "/", headers)));
    expect(await foreign).toMatchObject({
      ":status": 403,
      "capnweb-reason": expect.stringContaining(encodeURIComponent('"origins" option')),
    });
    expect([(await own!)[":status"], (await labelled!)[":status"]]).toEqual([200, 200]);
    expect(authorize).toHaveBeenCalledTimes(2);
    session.destroy();
  });

  test("is granted to listed origins", async () => {
    const { url } = await serve({ origins: ["https://app.example"] });
    const session = await connectHttp2(url);
    const answers = ["https://app.example", "https://app.example.evil", "null"].map((origin) =>
      statusOf(request(session, "/", { origin })),
    );
    expect(await Promise.all(answers)).toEqual([200, 403, 403]);
    session.destroy();
  });

  test("is granted to listed hosts", async () => {
    const { url, open } = await serve({ hosts: ["api.example"] });
    const session = await connectHttp2(url);
    expect(await statusOf(request(session))).toBe(421);
    expect(await statusOf(request(session, "/", { ":authority": "api.example:443" }))).toBe(200);
    session.destroy();
    expect((await broken(open())).cause.message).toMatch(
      /status 421: The host "127.0.0.1:\d+" isn't/,
    );
  });

  test("is decided by authorize, which gives createMain a context or the client a reason", async () => {
    const { url } = await serve({
      authorize: async ({ url }) =>
        url === "/?ada"
          ? { context: { user: "Ada" } }
          : { status: 401, reason: "Sign in — först." },
      createMain: (_, { context }) => ({ user: () => context.user }),
    });
    const open = (query: string): any =>
      newWebTransportRpcSession(url + query, undefined, trusting);
    using api = open("?ada");
    expect(await api.user()).toBe("Ada");
    expect((await broken(open(""))).cause.message).toBe(
      "The server answered the request for a session with status 401: Sign in — först.",
    );
  });

  test("is refused if authorize never settles, and the place given back", async () => {
    const errors: any[] = [];
    let calls = 0;
    const { open } = await serve({
      maxSessions: 1,
      authorizeTimeout: 20,
      authorize: () => (++calls === 1 ? new Promise(() => {}) : true),
      onError: (error) => errors.push(error),
    });
    expect((await broken(open())).cause.message).toMatch(/status 503: The server took too long/);
    expect(errors[0].message).toMatch(/authorize took longer than 20 ms/);
    expect(await open().add(1, 2)).toBe(3);
  });

  test("leaves no place taken if the client leaves while authorize decides", async () => {
    const asked: ((value: boolean) => void)[] = [];
    const { url, open } = await serve({
      maxSessions: 1,
      authorize: () => (asked.length > 0 ? true : new Promise((resolve) => asked.push(resolve))),
    });
    const session = await connectHttp2(url);
    request(session);
    await vi.waitFor(() => expect(asked).toHaveLength(1));
    session.destroy();
    await vi.waitFor(async () => expect(await open().add(1, 2)).toBe(3));
    asked[0]!(true);
    await vi.waitFor(async () => expect((await broken(open())).code).toBe("WEBTRANSPORT_CLOSED"));
  });

  test("isn't harmed by an onError that throws", async () => {
    const { open } = await serve({
      authorize: () => Promise.reject(new Error("no database")),
      onError() {
        throw new Error("no log");
      },
    });
    expect((await broken(open())).cause.message).toMatch(/status 500/);
  });
});

describe("the main object of a session", () => {
  test("may take time, and call the client meanwhile", async () => {
    const { open, server } = await serve({
      async createMain(_, { client, session }) {
        const name = await client.name();
        return { hello: () => `Hello, ${name}!`, stats: () => session.getStats().exports };
      },
    });
    const api = open({}, { name: () => "Ada" });
    expect(await api.hello()).toBe("Hello, Ada!");
    expect(await api.stats()).toBeGreaterThan(0);
    expect(server.sessionCount).toBe(1);
  });

  test.each([
    ["rejects", {}, () => Promise.reject(new Error("no main")), "no main"],
    [
      "never comes",
      { openTimeout: 2_000, firstBytesTimeout: 10_000 },
      () => new Promise(() => {}),
      "createMain took longer than 2000 ms (openTimeout).",
    ],
  ])("that %s ends its own session only", async (_, options, make, message) => {
    const errors: any[] = [];
    let count = 0;
    const { open, server } = await serve({
      ...options,
      createMain: () => (++count === 1 ? new Api() : make()),
      onError: (error) => errors.push(error),
    });
    const healthy = open();
    await healthy.add(1, 1);
    expect(await broken(open())).toMatchObject({ closeCode: 1011 });
    expect(errors).toMatchObject([{ message }]);
    expect(await healthy.add(1, 2)).toBe(3);
    await vi.waitFor(() => expect(server.sessionCount).toBe(1));
  });
});

describe("a server limits", () => {
  test("sessions to the profile of servers, which options may change", async () => {
    const { open } = await serve();
    const long = "x".repeat(5 * 1024 * 1024);
    await expect(open().echo(long)).rejects.toThrow(/limits\.maxFrameSize/);
    const generous = await serve({ limits: "client" });
    expect(await generous.open().echo(long)).toBe(long);
    await expect(serve({ limits: { maxTypo: 1 } as any })).rejects.toThrow(/limits.maxTypo/);
  });

  test("the sessions of one address", async () => {
    const { open, server } = await serve({ maxSessionsPerAddress: 1 });
    const first = open();
    await first.add(1, 1);
    expect((await broken(open())).cause.message).toMatch(/status 503: .* maxSessionsPerAddress/);
    first[Symbol.dispose]();
    await vi.waitFor(() => expect(server.sessionCount).toBe(0));
    expect(await open().add(1, 2)).toBe(3);
  });

  test("all sessions, and accepts others once there is room", async () => {
    const { open, server } = await serve({ maxSessions: 2 });
    const [first, second] = [open(), open()];
    await Promise.all([first.add(1, 1), second.add(1, 1)]);
    expect((await broken(open())).cause.message).toMatch(/with status 503/);
    first[Symbol.dispose]();
    await vi.waitFor(() => expect(server.sessionCount).toBe(1));
    expect(await open().add(1, 2)).toBe(3);
  });

  test("requests that authorize still decides on, as if they were sessions", async () => {
    let allow!: (value: boolean) => void;
    const { url } = await serve({
      maxSessions: 1,
      authorize: () => new Promise((resolve) => (allow = resolve)),
    });
    const session = await connectHttp2(url);
    const first = statusOf(request(session));
    expect(await statusOf(request(session))).toBe(503);
    allow(true);
    expect(await first).toBe(200);
    session.destroy();
  });

  test("streams to one per session: another one ends the session", async () => {
    const { url, disposed, server } = await serve();
    const session = await connectHttp2(url);
    const stream = request(session);
    await statusOf(stream);
    stream.write(streamCapsule(0, framed("")));
    await vi.waitFor(() => expect(server.sessionCount).toBe(1));
    stream.write(streamCapsule(1, framed("")));
    await closed(stream);
    expect(disposed).toEqual(["main"]);
    session.destroy();
  });

  test("streams by ending the session that opens a thousand, and no other", async () => {
    const { url, open, server } = await serve();
    const healthy = open();
    await healthy.add(1, 1);
    const session = await connectHttp2(url);
    const stream = request(session);
    await statusOf(stream);
    for (let n = 0; n < 1000; n++) stream.write(streamCapsule(n, framed("")));
    await closed(stream);
    await vi.waitFor(() => expect(server.sessionCount).toBe(1));
    expect(await healthy.add(1, 2)).toBe(3);
    session.destroy();
  });

  test("the sessions of one connection, however many it asks for", async () => {
    const { url, open, server } = await serve({ maxSessions: 10, maxRequestRate: 500 });
    const session = await connectHttp2(url);
    const answers = await Promise.all(
      Array.from({ length: 1000 }, () => statusOf(request(session))),
    );
    expect(answers.filter((status) => status === 200)).toHaveLength(10);
    session.destroy();
    await vi.waitFor(() => expect(server.sessionCount).toBe(0));
    expect(await open().add(1, 2)).toBe(3);
  });

  test("the time of a client that opens no stream, or sends nothing on it", async () => {
    const { url, server } = await serve({ openTimeout: 500 });
    const session = await connectHttp2(url);
    const [streamless, speechless] = [request(session), request(session)];
    await Promise.all([statusOf(streamless), statusOf(speechless)]);
    speechless.write(streamCapsule(0, new Uint8Array()));
    await Promise.all([closed(streamless), closed(speechless)]);
    await vi.waitFor(() => expect(server.sessionCount).toBe(0));
    session.destroy();
  });

  test("the time of a connection that asks for nothing, wherever it stops", async () => {
    const { url } = await serve({ openTimeout: 500 });
    const port = Number(new URL(url).port);
    const silent = connectTcp(port, "127.0.0.1");
    const garbage = connectTcp(port, "127.0.0.1");
    garbage.write("GET / HTTP/1.1\r\n\r\n");
    const handshaken = connectTls({ port, rejectUnauthorized: false, ALPNProtocols: ["h2"] });
    const cut = [silent, garbage, handshaken].map((socket) =>
      closed(socket.on("error", () => {}).resume()),
    );
    await Promise.all([...cut, closed(await connectHttp2(url))]);
  });
});

describe("malformed input from a client", () => {
  test("in frames ends its own session only", async () => {
    const { url, open, disposed } = await serve();
    const healthy = open();
    await healthy.add(1, 1);
    const session = await connectHttp2(url);
    for (const bytes of [
      framed("garbage"),
      Buffer.alloc(100, 0xff),
      Buffer.from([0, 0, 0, 1, 0xff]),
    ]) {
      const stream = request(session);
      await statusOf(stream);
      stream.write(streamCapsule(0, bytes));
      await closed(stream);
    }
    expect(disposed).toHaveLength(3);
    expect(await healthy.add(1, 2)).toBe(3);
    session.destroy();
  });

  test("in capsules ends neither the process nor another session", async () => {
    const { url, open } = await serve({ maxRequestRate: 100 });
    const healthy = open();
    await healthy.add(1, 1);
    const id = fc.oneof(fc.nat(20), fc.integer({ min: 0, max: 2 ** 31 }));
    const likely = fc
      .tuple(fc.constantFrom(...Object.values(CAPSULE)), id, fc.uint8Array({ maxLength: 40 }))
      .map(([type, n, rest]) => capsule(type, Buffer.concat([varint(n), rest])));
    const cutShort = fc
      .tuple(
        fc.constantFrom(...Object.values(CAPSULE)),
        fc.uint8Array({ maxLength: 9 }),
        fc.nat(2 ** 31),
      )
      .map(([type, payload, length]) => capsule(type, payload, length));
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 100 }).map((each) => Buffer.from(each));
    const session = await connectHttp2(url);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(likely, cutShort, bytes), { minLength: 1, maxLength: 5 }),
        async (capsules) => {
          const stream = request(session);
          await statusOf(stream);
          for (const each of capsules) stream.write(each);
          stream.end();
          await closed(stream);
        },
      ),
      { numRuns: 200, seed: 1 },
    );
    session.destroy();
    expect(await healthy.add(1, 2)).toBe(3);
  });

  test("as a flood of datagrams is dropped", async () => {
    const { url, server } = await serve();
    const session = await connectHttp2(url);
    const stream = request(session);
    await statusOf(stream);
    stream.write(streamCapsule(0, framed("")));
    for (let i = 0; i < 1000; i++) stream.write(capsule(CAPSULE.datagram, Buffer.alloc(1000)));
    stream.write(streamCapsule(0, framed('["push",["pipeline",0,["fail"],[]]]')));
    await vi.waitFor(() => expect(server.sessionCount).toBe(1));
    session.destroy();
  });
});

describe("a client that stops reading", () => {
  test("is given up after the timeout", async () => {
    const { url, server, disposed } = await serve({ keepAlive: { interval: 50, timeout: 1_000 } });
    const session = await connectHttp2(url);
    const stream = request(session);
    await statusOf(stream);
    // The client opens no window, so the answer can't be sent, but it keeps sending signs of life.
    stream.write(
      streamCapsule(0, framed('["push",["pipeline",0,["text"],[1000000]]]', '["pull",1]')),
    );
    const alive = setInterval(() => stream.write(streamCapsule(0, framed(""))), 20);
    onTestFinished(() => clearInterval(alive));
    await closed(stream);
    clearInterval(alive);
    expect(disposed).toEqual(["main"]);
    await vi.waitFor(() => expect(server.sessionCount).toBe(0));
    session.destroy();
  });

  test("can't make the server hold more than allowed", async () => {
    const { url, disposed } = await serve({ maxBufferedAmount: 500_000 });
    const session = await connectHttp2(url);
    const stream = request(session);
    await statusOf(stream);
    for (let id = 1; id <= 3; id++) {
      const call = framed('["push",["pipeline",0,["text"],[1000000]]]', `["pull",${id}]`);
      stream.write(streamCapsule(0, call));
    }
    await closed(stream);
    expect(disposed).toEqual(["main"]);
    session.destroy();
  });
});

describe("closing a server", () => {
  test("lets calls be answered, ends sessions, and stops listening", async () => {
    let answer!: (value: string) => void;
    const asked = new Promise<void>((resolve) => {
      class Slow extends Api {
        slow() {
          resolve();
          return new Promise<string>((each) => (answer = each));
        }
      }
      void start(() => new Slow());
    });
    let open!: () => any;
    let server!: Awaited<ReturnType<typeof serveWebTransportRpc>>;
    async function start(createMain: () => Api) {
      const started = await serve({ createMain });
      ({ open, server } = started);
      const api = open();
      const result = api.slow();
      ended = Promise.all([result, broken(api)]);
    }
    let ended!: Promise<unknown[]>;
    await asked;
    const closing = server.close();
    const late = open();
    expect((await broken(late)).code).toBe("WEBTRANSPORT_CLOSED");
    answer("answered");
    expect((await ended)[0]).toBe("answered");
    await closing;
    expect(server.sessionCount).toBe(0);
  });

  test("ends sessions that aren't done in time, and says why", async () => {
    const { open, server, disposed } = await serve();
    const api = open();
    await api.add(1, 1);
    const pending = api.never().catch((error: unknown) => error);
    await api.add(1, 1);
    await server.close(20);
    expect(await pending).toMatchObject({
      closeCode: 1001,
      reason: "The server is shutting down.",
    });
    expect(disposed).toEqual(["main"]);
  });

  test("frees the port, and may be repeated", async () => {
    const { server } = await serve();
    const first = server.close();
    expect(server.close()).toBe(first);
    await first;
    const { cert, privKey } = certificate;
    const again = await serveWebTransportRpc(
      { port: server.address.port, host: "127.0.0.1", cert, privKey },
      () => new Api(),
    );
    await again.close();
  });
});

describe("starting a server", () => {
  const { cert, privKey } = certificate;

  test("fails for a port that is taken", async () => {
    const { server } = await serve();
    const options = { port: server.address.port, host: "127.0.0.1", cert, privKey };
    await expect(serveWebTransportRpc(options, () => {})).rejects.toMatchObject({
      code: "EADDRINUSE",
    });
  });

  test("fails for a certificate that can't be used", async () => {
    const options = { port: 0, host: "127.0.0.1", cert: "nonsense", privKey };
    await expect(serveWebTransportRpc(options, () => {})).rejects.toThrow(/PEM/i);
  });

  test("allows the certificate to be replaced later", async () => {
    const { server, url } = await serve();
    const other = await createDevCertificate();
    server.updateCertificate(other.cert, other.privKey);
    const trust = (hash: typeof other.hash) => ({ serverCertificateHashes: [hash] });
    const api: any = newWebTransportRpcSession<Api>(url, undefined, trust(other.hash));
    expect(await api.add(1, 2)).toBe(3);
    const old = newWebTransportRpcSession<Api>(url, undefined, trust(certificate.hash));
    expect((await broken(old)).code).toBe("WEBTRANSPORT_CLOSED");
  });
});
