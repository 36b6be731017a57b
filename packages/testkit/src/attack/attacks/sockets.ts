import type { Socket } from "node:net";
import type { Attack } from "../attack.ts";
import type { Attacker } from "../attacker/attacker.ts";
import { frame, OPCODE, upgradeHead } from "../attacker/frames.ts";
import { placeOf } from "../target.ts";
import { FLOODS } from "./floods.ts";
import { SLOW } from "./slow.ts";

const EMPTY = new Uint8Array();

/** F: connections that cost the server resources outside of any session that could end them. */
export const SOCKETS: readonly Attack[] = [
  ...SLOW,
  ...FLOODS,
  {
    id: "ATK-F16",
    title: "1,000 WebSockets from one address stay open.",
    over: "sockets",
    needs: ["websocket"],
    async run(attacker) {
      for (let i = 0; i < 20 && !attacker.signal.aborted; i++) {
        const some = await Promise.all(Array.from({ length: 50 }, () => attacker.openSession()));
        if (some.every((session) => session === undefined)) break;
      }
      await attacker.wait(500);
      return undefined;
    },
  },
  {
    id: "ATK-F17",
    title: "WebSockets are opened and reset as fast as possible.",
    over: "sockets",
    needs: ["websocket"],
    async run(attacker) {
      const churn = async () => {
        while (!attacker.signal.aborted) {
          const session = await attacker.openSession();
          if (session === undefined) return;
          session.terminate();
        }
      };
      await Promise.all(Array.from({ length: 8 }, churn));
      return undefined;
    },
  },
  {
    id: "ATK-F18",
    title: "Frames break the rules of WebSockets, and texts those of UTF-8.",
    over: "sockets",
    needs: ["websocket"],
    run: (attacker) =>
      eachOnSocket(attacker, [
        frame(OPCODE.text, Buffer.from([0xc3, 0x28])),
        frame(OPCODE.text, Buffer.from([0xed, 0xa0, 0x80])),
        frame(OPCODE.text, Buffer.from([0xf8, 0x88, 0x80, 0x80, 0x80])),
        frame(OPCODE.text, Buffer.from("[0]"), { masked: false }),
        frame(OPCODE.text, Buffer.from("[0]"), { rsv1: true }),
        frame(OPCODE.text, EMPTY, { length: Number.MAX_SAFE_INTEGER }),
        Buffer.from([0x81, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]),
        frame(3, EMPTY),
        frame(15, EMPTY),
        frame(OPCODE.ping, new Uint8Array(126)),
        frame(OPCODE.ping, EMPTY, { fin: false }),
        frame(OPCODE.continuation, EMPTY),
        frame(OPCODE.close, Buffer.from([0])),
        frame(OPCODE.close, Buffer.from([0, 0])),
        frame(OPCODE.close, Buffer.from([3, 232, 0xff, 0xfe])),
      ]),
  },
  {
    id: "ATK-F19",
    title: "A small compressed frame says that it holds a gigabyte of zeros.",
    over: "sockets",
    needs: ["websocket"],
    async run(attacker) {
      const { constants, deflateRawSync } = await import("node:zlib");
      const part = deflateRawSync(new Uint8Array(16_777_216), {
        finishFlush: constants.Z_SYNC_FLUSH,
      });
      const bomb = Buffer.concat([...Array(63).fill(part), part.subarray(0, -4)]);
      const socket = await attacker.openSocket();
      if (socket === undefined) return undefined;
      const extension = "Sec-WebSocket-Extensions: permessage-deflate; client_no_context_takeover";
      socket.write(`${upgradeHead(attacker.place, [extension])}\r\n`);
      await attacker.wait(200);
      await attacker.pour(socket, once(frame(OPCODE.binary, bomb, { rsv1: true })));
      await attacker.wait(1_500);
      return undefined;
    },
  },
  {
    id: "ATK-F20",
    title: "Heads of requests are a megabyte long, or have thousands of lines.",
    over: "sockets",
    run: (attacker) =>
      eachOnSocket(
        attacker,
        [
          `X-Long: ${"x".repeat(1_000_000)}`,
          Array.from({ length: 20_000 }, (_, i) => `X-${i}: x`).join("\r\n"),
          `Cookie: ${"a=b; ".repeat(100_000)}`,
          `Sec-WebSocket-Protocol: ${"a,".repeat(100_000)}a`,
          `Sec-WebSocket-Extensions: ${"permessage-deflate; x=1, ".repeat(5_000)}x`,
        ].map((line) => Buffer.from(`${upgradeHead(attacker.place, [line])}\r\n`)),
        false,
      ),
  },
  {
    id: "ATK-F21",
    title: "Requests are no HTTP, or contradict themselves.",
    over: "sockets",
    run: (attacker) => {
      const { authority, path } = attacker.place;
      const post = `POST ${path} HTTP/1.1\r\nHost: ${authority}\r\n`;
      return eachOnSocket(
        attacker,
        [
          "\u0016\u0003\u0001\u0002\u0000",
          "\r\n".repeat(10_000),
          "GET\r\n\r\n",
          `GET ${"/x".repeat(50_000)} HTTP/1.1\r\n\r\n`,
          `${post}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n` +
            "GET / HTTP/1.1\r\n\r\n",
          `${post}Content-Length: -1\r\n\r\n`,
          `${post}Content-Length: 99999999999999999999\r\n\r\n`,
          `${post}Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n`,
          `${post}Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc`,
          `${post}Expect: 100-continue\r\nContent-Length: 3\r\n\r\n`,
          `CONNECT x:1 HTTP/1.1\r\nHost: x:1\r\n\r\n`,
          `GET //[ HTTP/1.1\r\nHost: [\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
          `GET ${path} HTTP/1.1\r\nHost: ${authority}\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n`,
        ].map((text) => Buffer.from(text, "latin1")),
        false,
      );
    },
  },
  {
    id: "ATK-F22",
    title: "Thousands of batches are asked for on one connection, and no response is read.",
    over: "sockets",
    needs: ["http"],
    async run(attacker) {
      const { authority, path } = placeOf(attacker.target.http!);
      const socket = await attacker.openSocket();
      if (socket === undefined) return undefined;
      socket.pause();
      const body = `["push","${"x".repeat(10_000)}"]\n["pull",1]`;
      const request = Buffer.from(
        `POST ${path} HTTP/1.1\r\nHost: ${authority}\r\n` +
          `Content-Length: ${body.length}\r\n\r\n${body}`,
      );
      await attacker.pour(socket, () => request);
      return undefined;
    },
  },
];

function once(bytes: Uint8Array): () => Uint8Array | undefined {
  const list = [bytes];
  return () => list.pop();
}

/** Sends each on a connection of its own: a WebSocket, or a bare connection. */
async function eachOnSocket(
  attacker: Attacker,
  all: readonly Uint8Array[],
  upgraded = true,
): Promise<undefined> {
  const send = async (bytes: Uint8Array) => {
    const socket: Socket | undefined = upgraded
      ? await attacker.openWebSocket()
      : await attacker.openSocket();
    if (socket === undefined) return;
    await attacker.pour(socket, once(bytes));
    await Promise.race([attacker.untilClosed([socket]), attacker.wait(500)]);
    socket.destroy();
  };
  await Promise.all(all.map(send));
  return undefined;
}
