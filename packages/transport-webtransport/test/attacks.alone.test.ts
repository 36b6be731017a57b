// Clients that attack below the level of RPC. Another client's calls must go on.
import type { TLSSocket } from "node:tls";
import { connect as connectTls } from "node:tls";
import { HeldBytes } from "@capnweb/core/server";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import {
  CAPSULE,
  capsule,
  closed,
  connectHttp2,
  request,
  statusOf,
  streamCapsule,
  varint,
} from "./support/http2-client.ts";
import { connectRaw, FRAME, flood, frame, requestFrame, resetFrame } from "./support/raw-http2.ts";
import { framed } from "./support/raw-peer.ts";
import { serve } from "./support/serve.ts";

type Options = Parameters<typeof serve>[0];

/** A server with a client that calls until the test is over. Each call must be answered. */
async function serveVictim(options: Options = {}) {
  // Long timeouts, so that the limit under test ends the attack.
  const served = await serve({ openTimeout: 3_600_000, keepAlive: false, ...options });
  const api = served.open();
  await api.add(1, 1);
  return {
    ...served,
    port: served.server.address.port,
    async expectUnharmed() {
      expect(await api.add(1, 2)).toBe(3);
      api[Symbol.dispose]();
      await vi.waitFor(() => expect(served.server.sessionCount).toBe(0));
    },
  };
}

/** An open stream of a session, on which a test writes capsules. */
async function openStream(url: string) {
  const session = await connectHttp2(url);
  onTestFinished(() => session.destroy());
  const stream = request(session);
  await statusOf(stream);
  stream.write(streamCapsule(0, framed("")));
  return stream;
}

async function connect(port: number): Promise<TLSSocket> {
  const socket = await connectRaw(port);
  onTestFinished(() => void socket.destroy());
  return socket;
}

const many = (count: number, bytes: (n: number) => Uint8Array) =>
  Buffer.concat(Array.from({ length: count }, (_, n) => bytes(n)));

test("when sessions hold too much, small ones of one network end before a larger one of another client", async () => {
  const unlimited = { maxHeldBytes: Infinity, maxProcessHeldBytes: Infinity };
  const onEnd = vi.fn();
  const honest = new HeldBytes(unlimited, onEnd, "198.51.100.7");
  onTestFinished(() => honest.clear());
  honest.add(300_000);
  const { open } = await serve({ limits: { maxProcessHeldBytes: 1_700_000 } });
  const ended = vi.fn();
  const held: unknown[] = [];
  for (let i = 0; i < 4; i++) {
    const api = open();
    api.onRpcBroken(ended);
    held.push(api.echo("x".repeat(200_000 - i)));
    await api.add(1, 2).catch(() => {});
  }
  await vi.waitFor(() => expect(ended).toHaveBeenCalledOnce());
  expect(onEnd).not.toHaveBeenCalled();
});

describe("an HTTP/2 connection", () => {
  test.each([
    ["asks for sessions and resets them", {}],
    ["sends requests of another method and resets them", { ":method": "GET" }],
    ["sends requests for another path and resets them", { ":path": "/other" }],
  ])("is cut off if its client %s", async (_, headers) => {
    const authorize = vi.fn(() => true);
    const { port, expectUnharmed } = await serveVictim({ authorize });
    const socket = await connect(port);
    socket.resume();
    await flood(socket, (n) =>
      many(100, (m) => {
        const id = 2 * (100 * n + m) + 1;
        return Buffer.concat([requestFrame(id, headers), resetFrame(id)]);
      }),
    );
    expect(authorize.mock.calls.length).toBeLessThan(50);
    await expectUnharmed();
  });

  test.each([
    ["PING", frame(FRAME.ping, 0, 0, new Uint8Array(8))],
    ["SETTINGS", frame(FRAME.settings, 0, 0, new Uint8Array())],
    ["PRIORITY", frame(FRAME.priority, 0, 1, Uint8Array.of(0, 0, 0, 3, 1))],
    ["unknown", frame(0xfa, 0, 0, new Uint8Array(4))],
    ["CONTINUATION", frame(FRAME.continuation, 0, 1, Uint8Array.of(0, 1, 97, 1, 97))],
    ["empty DATA", frame(FRAME.data, 0, 1, new Uint8Array())],
  ])(
    "is cut off if its client floods it with %s frames, whether or not the client reads",
    async (name, each) => {
      const { port, expectUnharmed } = await serveVictim();
      const flooding = [true, false].map(async (reads) => {
        const socket = await connect(port);
        if (reads) socket.resume();
        if (name === "CONTINUATION") {
          socket.write(frame(FRAME.headers, 0, 1, Uint8Array.of(0x82)));
        } else if (name === "empty DATA") socket.write(requestFrame(1));
        const batch = many(1000, () => each);
        await flood(socket, () => batch);
      });
      await Promise.all(flooding);
      await expectUnharmed();
    },
  );

  test("is cut off at once if it speaks HTTP/1.1", async () => {
    const { port, expectUnharmed } = await serveVictim();
    const socket = connectTls({ port, rejectUnauthorized: false, ALPNProtocols: ["http/1.1"] });
    socket.on("error", () => {});
    socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".repeat(100));
    await closed(socket.resume());
    await expectUnharmed();
  });

  test("is refused if its address has too many", async () => {
    const { port, expectUnharmed } = await serveVictim({ maxSessionsPerAddress: 2 });
    const sockets = await Promise.all(
      Array.from({ length: 5 }, async () => {
        const socket = connectTls({ port, rejectUnauthorized: false, ALPNProtocols: ["h2"] });
        onTestFinished(() => void socket.destroy());
        socket.on("error", () => {});
        return await new Promise<string>((resolve) => {
          socket.once("secureConnect", () => resolve("connected"));
          socket.once("close", () => resolve("refused"));
        });
      }),
    );
    expect(sockets.filter((each) => each === "connected")).toHaveLength(3);
    await expectUnharmed();
  });
});

describe("a WebTransport session over HTTP/2", () => {
  const id = varint(1);
  test.each<[string, () => Uint8Array]>([
    ["datagrams of no bytes", () => capsule(CAPSULE.datagram, new Uint8Array())],
    ["updates of windows", () => capsule(CAPSULE.maxData, varint(1))],
    ["data of no bytes", () => capsule(CAPSULE.stream, id)],
    ["unknown types", () => capsule(0x21, new Uint8Array(1))],
    [
      "resets that allow for more streams",
      () =>
        Buffer.concat([
          capsule(CAPSULE.reset, Buffer.concat([id, varint(0)])),
          capsule(CAPSULE.stopSending, Buffer.concat([id, varint(0)])),
          capsule(CAPSULE.streamsBlocked, varint(1)),
        ]),
    ],
  ])("ends when its peer floods it with %s", async (_, each) => {
    const { url, expectUnharmed } = await serveVictim();
    const stream = await openStream(url);
    const batch = many(1000, each);
    const gone = closed(stream);
    let isGone = false;
    void gone.then(() => (isGone = true));
    while (!isGone) {
      stream.write(batch);
      await Promise.race([gone, new Promise((resolve) => setImmediate(resolve))]);
    }
    stream.session?.destroy();
    await expectUnharmed();
  });

  test("ends before much is kept of a long capsule that isn't data", async () => {
    const { url, expectUnharmed } = await serveVictim();
    const stream = await openStream(url);
    stream.write(capsule(0x21, new Uint8Array(0), 1024 * 1024));
    stream.write(Buffer.alloc(64 * 1024));
    await closed(stream);
    stream.session?.destroy();
    await expectUnharmed();
  });

  test("ends when its peer sends data beyond the window, read or not", async () => {
    const { url, expectUnharmed } = await serveVictim();
    const stream = await openStream(url);
    const gone = closed(stream);
    let isGone = false;
    void gone.then(() => (isGone = true));
    // The frame never ends.
    const data = capsule(CAPSULE.stream, Buffer.concat([id, Buffer.alloc(100_000)]));
    stream.write(streamCapsule(0, Uint8Array.of(0, 0x20, 0, 0)));
    while (!isGone) {
      stream.write(data);
      await Promise.race([gone, new Promise((resolve) => setImmediate(resolve))]);
    }
    stream.session?.destroy();
    await expectUnharmed();
  });
});
