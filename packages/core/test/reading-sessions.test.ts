// All that two sessions send by default can be read with `@capnweb/wire` alone.
import { type Frame, MessageReader, type ReadMessage, writeFrames } from "@capnweb/wire";
import { expect, test } from "vitest";
import { RpcSession, RpcTarget, type Transport } from "../src/index.ts";
import type { TransportReceiver } from "../src/transport.ts";
import { settle } from "./support/pair.ts";

class Api extends RpcTarget {
  echo(value: unknown) {
    return value;
  }
  fail(): never {
    throw new RangeError("no");
  }
  read(stream: ReadableStream) {
    return stream;
  }
}

/** One end of a connection in memory, which keeps the frames that it was given to send. */
class End implements Transport {
  readonly encodingLevel: "string" | "structuredClonable";
  readonly isBinary: boolean;
  readonly sent: Frame[] = [];
  receiver!: TransportReceiver;
  peer!: End;
  constructor(level: "string" | "structuredClonable") {
    this.encodingLevel = level;
    this.isBinary = level === "string";
  }
  start(receiver: TransportReceiver) {
    this.receiver = receiver;
  }
  send(message: unknown) {
    this.sent.push(structuredClone(message) as Frame);
    queueMicrotask(() => this.peer.receiver.receive(structuredClone(message)));
  }
  abort(reason: unknown) {
    queueMicrotask(() => this.peer.receiver.close(reason));
  }
}

/** Has two sessions say all sorts of things. @returns the frames that each side sent */
async function converse(level: "string" | "structuredClonable") {
  const [near, far] = [new End(level), new End(level)];
  near.peer = far;
  far.peer = near;
  new RpcSession(far, new Api(), { announce: "reply", limits: "server" });
  const api = new RpcSession<any>(near).getRemoteMain() as any;
  await settle();
  const chunk = new Uint8Array(5_000).fill(7);
  const [text, large, nested] = await Promise.all([
    api.echo("a\n]\n[b"),
    api.echo(new Uint8Array(1_000).fill(1)),
    api.echo({ list: [new Uint8Array(2_000).fill(2), new Uint16Array(600).fill(3)] }),
    api.fail().catch(() => {}),
  ]);
  expect(text).toBe("a\n]\n[b");
  expect([large.length, nested.list.length]).toEqual([1_000, 2]);
  const stream = await api.read(new Blob([chunk]).stream());
  expect(new Uint8Array(await new Response(stream).arrayBuffer())).toEqual(chunk);
  await settle();
  api[Symbol.dispose]();
  return { client: near.sent, server: far.sent };
}

function readAll(frames: readonly Frame[]): ReadMessage[] {
  const reader = new MessageReader();
  return frames.flatMap((frame) => reader.read(frame));
}

test("wire alone can read a session's texts, joined texts, bytes and announcements", async () => {
  const sent = await converse("string");
  expect(sent.client.some((frame) => typeof frame === "string" && frame.includes("\n"))).toBe(true);
  expect(sent.client.filter((frame) => frame instanceof Uint8Array).length).toBeGreaterThan(3);

  const { client, server } = { client: readAll(sent.client), server: readAll(sent.server) };
  const features = ["calls", "frames", "bytes", "json", "table", "context"];
  const size = 32 * 1024 * 1024;
  expect(client[0]!.announcement).toEqual({
    features,
    limits: { maxMessageSize: size, maxFrameSize: size },
    others: {},
  });
  expect(server[0]!.announcement).toEqual({
    features,
    limits: { maxMessageSize: size / 8, maxFrameSize: size / 8 },
    others: {},
  });
  expect([...client, ...server].filter(({ announcement }) => announcement)).toHaveLength(2);

  const calls = client.filter(({ message }) => JSON.stringify(message).includes('"echo"'));
  expect(calls.map(({ bytes }) => bytes.map((each) => new Uint8Array(each)))).toEqual([
    [],
    [new Uint8Array(1_000).fill(1)],
    [new Uint8Array(2_000).fill(2), new Uint8Array(new Uint16Array(600).fill(3).buffer)],
  ]);
  const frames = [...sent.client, ...sent.server].filter((frame) => typeof frame !== "string");
  const attached = [...client, ...server].flatMap(({ bytes }) => bytes);
  expect(attached).toHaveLength(frames.length);
  expect(server.map(({ message }) => message[0])).toEqual(
    expect.arrayContaining(["resolve", "reject"]),
  );
});

test("messages that were read can be written again, and read by a session", async () => {
  const { client } = await converse("string");
  const echoed: unknown[] = [];
  const end = new End("string");
  end.peer = end;
  end.send = (frame) => echoed.push(frame);
  class Listener extends Api {
    override echo(value: unknown) {
      echoed.push(value);
      return value;
    }
  }
  new RpcSession(end, new Listener(), { limits: { turnBudget: Number.POSITIVE_INFINITY } });
  for (const frame of writeFrames(readAll(client), { maxFrameSize: 1_000 })) {
    end.receiver.receive(frame);
  }
  await settle();
  expect(echoed).toContain("a\n]\n[b");
  expect(echoed).toContainEqual(Buffer.alloc(1_000, 1));
});

test("wire alone can read the trees of media that clone messages", async () => {
  const sent = await converse("structuredClonable");
  const client = readAll(sent.client);
  expect(client[0]!.announcement!.features).toEqual(["calls", "frames", "context"]);
  expect(client.map(({ message }) => message)).toEqual(sent.client);
  expect(readAll(sent.server)[0]!.announcement!.limits!.maxMessageSize).toBe(4 * 1024 * 1024);
});
