import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { Duplex } from "node:stream";
import { describe, expect, test, vi } from "vitest";
import {
  type ByteStreams,
  newWebTransportRpcSession,
  type WebTransportSessionOptions,
} from "../src/index.ts";
import { Api } from "./support/api.ts";
import { pairOfStreams } from "./support/pair.ts";
import { framed, RawPeer } from "./support/raw-peer.ts";
import { broken } from "./support/serve.ts";

/** A session, and a peer that writes the bytes of a test. */
function start(options: WebTransportSessionOptions = {}) {
  const { near, far } = pairOfStreams();
  const disposed: string[] = [];
  const plain = { announce: false, ...options };
  const api: any = newWebTransportRpcSession<Api>(near, new Api(disposed), plain);
  return { api, disposed, peer: new RawPeer(far) };
}

const CALL = ['["push",["pipeline",0,["add"],[1,2]]]', '["pull",1]'];

const ANNOUNCEMENT = JSON.stringify([
  "reject",
  2 ** 31 - 1,
  {
    capnweb: {
      features: [["calls", "frames", "bytes", "json", "table", "context"]],
      limits: { maxMessageSize: 33_554_432, maxFrameSize: 33_554_432 },
    },
  },
]);

describe("bytes in a session", () => {
  const bytes = Uint8Array.from({ length: 70_000 }, (_, i) => i);

  test("leave in frames of their own, to a peer that announced the extension", async () => {
    const { api, peer } = start({ announce: true });
    expect(await peer.read(1)).toEqual([ANNOUNCEMENT]);
    await peer.write(ANNOUNCEMENT, bytes, '["stream",["pipeline",0,["echo"],[["bytes",70000]]]]');
    expect((await peer.read(2))[1]).toBe('["resolve",1,["bytes",70000]]');
    expect(peer.bytes).toEqual([bytes]);
    api.echo(bytes).then(null, () => {});
    expect((await peer.read(3))[2]).toBe('["push",["pipeline",0,["echo"],[["bytes",70000]]]]');
    expect(peer.bytes).toEqual([bytes, bytes]);
  });

  test("leave as text, to any other peer", async () => {
    const { api, peer } = start({ announce: true });
    api.echo(bytes).then(null, () => {});
    expect((await peer.read(2))[1]).toContain('["bytes","AAEC');
    expect(peer.bytes).toEqual([]);
  });

  test("arrive unchanged at another session, alone and in a stream", async () => {
    const { near, far } = pairOfStreams();
    newWebTransportRpcSession(far, new Api());
    const api: any = newWebTransportRpcSession<Api>(near);
    // By then, each has received the other's announcement.
    await api.echo(0);
    expect(new Uint8Array(await api.echo(bytes))).toEqual(bytes);
    const stream = new ReadableStream({
      start(controller) {
        for (const at of [0, 30_000]) controller.enqueue(bytes.slice(at, at + 30_000));
        controller.close();
      },
    });
    const echoed = await new Response(await api.echo(stream)).arrayBuffer();
    expect(new Uint8Array(echoed)).toEqual(bytes.slice(0, 60_000));
  });

  test("end it if no message refers to them, if they are missing, or if they weren't announced", async () => {
    const announced = start({ announce: true });
    const unused = broken(announced.api);
    await announced.peer.write(bytes, '["pipe"]');
    expect((await unused).message).toMatch(/leaves a binary frame unused/);
    expect(announced.disposed).toEqual(["main"]);

    const empty = start({ announce: true });
    const none = broken(empty.api);
    await empty.peer.writer.write(Uint8Array.of(0x80, 0, 0, 0));
    expect((await none).message).toMatch(/an empty binary frame/);

    const plain = start();
    const unknown = broken(plain.api);
    await plain.peer.write(bytes);
    expect((await unknown).message).toMatch(/it is binary/);
  });
});

describe("framing on a pair of byte streams", () => {
  test("carries messages both ways", async () => {
    const { api, peer } = start();
    api.echo("é").then(null, () => {});
    expect(await peer.read(2)).toEqual(['["push",["pipeline",0,["echo"],["é"]]]', '["pull",1]']);
    await peer.write(...CALL);
    expect((await peer.read(3))[2]).toBe('["resolve",1,3]');
  });

  test("accepts a message in any pieces", async () => {
    const { peer } = start();
    for (const byte of framed(...CALL)) await peer.writer.write(Uint8Array.of(byte));
    expect(await peer.read(1)).toEqual(['["resolve",1,3]']);
  });

  test("ends the session when a frame's length is over the limits, before its content arrives", async () => {
    const limits = { maxMessageSize: 50, maxFrameSize: 100 };
    const { api, peer, disposed } = start({ limits });
    const reason = broken(api);
    await peer.write(...CALL);
    await peer.read(1);
    await peer.writer.write(Uint8Array.of(0, 0, 1, 45));
    expect(await reason).toMatchObject({
      code: "LIMIT",
      message: expect.stringMatching(
        /^Incoming message of 301 bytes exceeds maximum size of 300 .*limits\.maxMessageSize\.$/,
      ),
    });
    expect(disposed).toEqual(["main"]);
  });

  test("carries the longest message allowed", async () => {
    const { peer } = start({ limits: { maxMessageSize: 61 } });
    const call = `["push",["pipeline",0,["echo"],["${"€".repeat(24)}"]]]`;
    expect(call.length).toBe(61);
    await peer.write(call, '["pull",1]');
    expect(await peer.read(1)).toEqual([`["resolve",1,"${"€".repeat(24)}"]`]);
  });

  test("reports a stream that ends within a frame", async () => {
    const { api, peer, disposed } = start();
    const reason = broken(api);
    await peer.writer.write(framed("[]").subarray(0, 5));
    await peer.writer.close();
    expect(await reason).toMatchObject({
      code: "BAD_FRAME",
      message: "The stream ended within a frame, of which it brought 1 of its 2 bytes.",
    });
    expect(disposed).toEqual(["main"]);
  });

  test("reports bytes that aren't UTF-8", async () => {
    const { api, peer } = start();
    const reason = broken(api);
    await peer.writer.write(Uint8Array.of(0, 0, 0, 1, 0xff));
    expect(await reason).toMatchObject({ code: "BAD_FRAME" });
  });

  test("reports a readable that gives values other than bytes", async () => {
    const { api, peer } = start();
    const reason = broken(api);
    await peer.writer.write("text" as never);
    expect((await reason).message).toBe("The readable gave what isn't bytes.");
  });

  test("ends the session when a message is malformed, and tells the peer why", async () => {
    const { api, peer } = start();
    const reason = broken(api);
    await peer.write("garbage");
    expect(JSON.parse((await peer.read(1))[0]!)[0]).toBe("abort");
    expect(await reason).toMatchObject({ code: "BAD_JSON" });
    expect(await peer.readToEnd()).toBe(true);
  });
});

describe("writing on a pair of byte streams", () => {
  test("takes one message of any size, and smaller ones while it waits", async () => {
    const { api, peer } = start({ maxBufferedAmount: 100_000 });
    api.echo("x".repeat(1_000_000)).then(null, () => {});
    await peer.readChunk();
    for (let i = 0; i < 10; i++) api.echo("y").then(null, () => {});
    expect(await peer.read(22)).toHaveLength(22);
  });

  test("gathers the messages of a turn into one write", async () => {
    const { api, peer } = start({ keepAlive: false });
    const calls = Array.from({ length: 100 }, (_, i) => api.add(i, 1).then(null, () => {}));
    expect(await peer.read(200)).toHaveLength(200);
    expect(peer.chunks).toHaveLength(1);
    void calls;
  });

  test("makes no write over 64 KiB, and waits for each", async () => {
    const { api, peer } = start({ keepAlive: false });
    api.echo("x".repeat(1_000_000)).then(null, () => {});
    api.echo("y".repeat(100_000)).then(null, () => {});
    await peer.read(4);
    expect(Math.max(...peer.chunks)).toBe(64 * 1024);
    // All but the last are full.
    expect(new Set(peer.chunks.slice(0, -1))).toEqual(new Set([64 * 1024]));
  });

  test("holds streams back while the peer doesn't read", async () => {
    const { peer } = start({ highWaterMark: 100_000 });
    await peer.write('["push",["pipeline",0,["stream"],[1000,50000]]]', '["pull",1]');
    // A window of 256 KiB would let five through. The high-water mark stops it after two.
    await peer.read(3);
    const isChunk = (message: string) => message.startsWith('["stream"');
    await vi.waitFor(() => expect(peer.messages.some(isChunk)).toBe(true));
    expect(peer.messages.filter(isChunk).length).toBeLessThan(5);
  });

  test("cuts off a peer that doesn't read, at maxBufferedAmount", async () => {
    const { api, peer } = start({ maxBufferedAmount: 100_000 });
    const reason = broken(api);
    for (let i = 0; i < 5; i++) api.echo("x".repeat(60_000)).then(null, () => {});
    expect((await reason).message).toMatch(
      /reads too slowly: \d+ bytes wait to be sent, and maxBufferedAmount allows 100000/,
    );
    expect(await peer.readToEnd()).toBe(false);
  });
});

test("a session refuses byte streams that are locked", async () => {
  const { near } = pairOfStreams();
  near.readable.getReader();
  const error = await broken(newWebTransportRpcSession<Api>(near));
  expect(error).toMatchObject({
    message: "The WebTransport session could not be opened.",
    cause: expect.any(TypeError),
  });
});

test("a session runs on a TCP connection's pair of byte streams", async () => {
  const disposed: string[] = [];
  const server = createServer((socket) => {
    newWebTransportRpcSession(Duplex.toWeb(socket) as ByteStreams, new Api(disposed));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  const api: any = newWebTransportRpcSession<Api>(Duplex.toWeb(socket) as ByteStreams);
  expect(await api.add(1, 2)).toBe(3);
  expect(await api.text(3_000_000)).toHaveLength(3_000_000);
  api[Symbol.dispose]();
  await once(socket, "close");
  expect(disposed).toEqual(["main"]);
  server.close();
  await once(server, "close");
});

describe("the end of a session on a pair of byte streams", () => {
  test("sends the calls before it, and ends the stream, when the main stub is disposed of", async () => {
    const { api, peer } = start();
    api.add(1, 2).then(null, () => {});
    api.echo("x".repeat(300_000)).then(null, () => {});
    api[Symbol.dispose]();
    expect(await peer.readToEnd()).toBe(true);
    expect(peer.messages).toHaveLength(4);
  });

  test("stops answers, when the main stub is disposed of", async () => {
    const { api, peer, disposed } = start();
    api[Symbol.dispose]();
    expect(disposed).toEqual(["main"]);
    await peer.write(...CALL);
    expect(await peer.readToEnd()).toBe(true);
    expect(peer.messages).toEqual([]);
  });

  test("doesn't wait for ever for a peer to end its side", async () => {
    vi.useFakeTimers();
    try {
      const { api, peer } = start();
      api[Symbol.dispose]();
      await peer.readToEnd();
      const write = peer.writer.write(framed("[]")).then(() => peer.writer.write(framed("[]")));
      const failed = expect(write.then(() => peer.writer.closed)).rejects.toBe(undefined);
      await vi.advanceTimersByTimeAsync(2_000);
      await failed;
    } finally {
      vi.useRealTimers();
    }
  });

  test("comes when the peer ends its side", async () => {
    const { api, peer, disposed } = start();
    const pending = api.never().catch((error: unknown) => error);
    await peer.writer.close();
    expect(await pending).toMatchObject({
      code: "WEBTRANSPORT_CLOSED",
      message: "The peer ended the WebTransport session.",
    });
    expect(disposed).toEqual(["main"]);
    expect(await peer.readToEnd()).toBe(true);
  });

  test("comes when a stream breaks, which fails pending calls with the cause", async () => {
    const { near, cut } = pairOfStreams();
    const api: any = newWebTransportRpcSession<Api>(near);
    const pending = api.never().catch((error: unknown) => error);
    cut();
    expect(await pending).toMatchObject({
      code: "WEBTRANSPORT_CLOSED",
      message: "The WebTransport connection was lost.",
      closeCode: undefined,
      cause: { message: "The cable was pulled." },
    });
  });
});
