import type { ServerOptions } from "ws";
import { replacing, sending } from "../common.ts";
import { forbidden, type Mutant, unchanged } from "../mutant.ts";
import type { Mutate, Mutation } from "../mutation.ts";

const server = forbidden("server");
const client = forbidden("client");

/** Says nothing about nonsense, and keeps the session. */
const goingOn: Mutate = () => ({
  send: (message) => (message[0] === "abort" ? [] : [message]),
  end() {},
});

const asBytes = replacing((message) => Buffer.from(JSON.stringify(message)));

/** Adds a message to the frame of each message with one of the tags. */
const joining = (...tags: readonly unknown[]) =>
  sending((message) =>
    tags.includes(message[0]) ? [`${JSON.stringify(message)}\n["pipe"]`] : [message],
  );

/** Peers that break the rules of messages, frames and large input. */
export const messages: readonly Mutant[] = [
  server("goes on after nonsense", ["malformed"], /expected \["abort"/, goingOn, {
    only: ["malformed-message-a*"],
  }),
  server(
    "joins messages in one frame, although the kit hasn't announced that",
    ["values"],
    /which isn't a message/,
    joining("resolve", "reject"),
    { only: ["value-n*"] },
  ),
  server("sends binary frames", ["values"], /binary frame.*isn't a message/, asBytes, {
    only: ["value-n*"],
  }),
  server("answers no ping", ["values"], /expected a pong/, unchanged, {
    sockets: { autoPong: false } as ServerOptions,
    only: ["frames*"],
  }),
  server("takes each fragment for a message", ["values"], /expected/, unchanged, {
    frames: fragmentsAsMessages,
    only: ["frames*fragments*"],
  }),
  server("takes each packet for a frame", ["values"], /can't connect|expected/, unchanged, {
    frames: () => (packet) => (packet.length < 2 ? Buffer.alloc(0) : packet),
    only: ["frames*packet*"],
  }),
  server(
    "accepts no frame over 65,535 bytes",
    ["values"],
    /the connection ended: 1009/,
    unchanged,
    {
      sockets: { maxPayload: 65_535 },
      only: ["limits*"],
    },
  ),
  server(
    "crashes at deeply nested messages",
    ["malformed"],
    /the server is gone/,
    ({ crash }) => ({
      receive(message) {
        if (depthOf(message) > 10_000) crash();
        return [message];
      },
    }),
    { only: ["hostile*nested*"], timeout: 20_000 },
  ),
  server(
    "hangs at large integers",
    ["malformed"],
    /expected an answer, or the end of the session; nothing came/,
    hangingAt("bigint"),
    { only: ["hostile*bigint*"] },
  ),
  client("goes on after the server's nonsense", ["malformed"], /expected \["abort"/, goingOn, {
    only: ["malformed-message-from-the-server-a*"],
  }),
  client("sends binary frames", ["values"], /binary frame.*isn't a message/, asBytes, {
    only: ["value-true"],
  }),
  client(
    "joins messages in one frame, although the kit hasn't announced that",
    ["values"],
    /which isn't a message/,
    joining("push"),
    { only: ["value-true"] },
  ),
];

/** Finishes every fragment, and begins a new message with the next one. */
function fragmentsAsMessages() {
  let isOpen = false;
  return (packet: Buffer): Buffer => {
    // The first packet is the handshake.
    if (!isOpen) {
      isOpen = true;
      return packet;
    }
    const changed = Buffer.from(packet);
    for (let at = 0; at + 2 <= changed.length; ) {
      const opcode = changed[at]! & 0x0f;
      if (opcode === 0 || opcode === 1) changed[at] = 0x81;
      const short = changed[at + 1]! & 0x7f;
      const [size, head] = short === 126 ? [changed.readUInt16BE(at + 2), 4] : [short, 2];
      at += head + 4 + size;
    }
    return changed;
  };
}

function depthOf(tree: unknown): number {
  let depth = 0;
  for (let each = tree; typeof each === "object" && each !== null; depth++) {
    const parts: unknown[] = Object.values(each).filter((value) => typeof value === "object");
    each = parts.at(-1);
  }
  return depth;
}

/** Hears nothing any more after a message that contains a tag. */
function hangingAt(tag: string): () => Mutation {
  return () => {
    let isHanging = false;
    return {
      receive(message) {
        isHanging ||= JSON.stringify(message).includes(`["${tag}"`);
        return isHanging ? [] : [message];
      },
    };
  };
}
