import { randomBytes } from "node:crypto";
import type { Place } from "../target.ts";

/** The opcodes of WebSocket frames. */
export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9 } as const;

/** The parts of a frame's head that an attack can choose. */
export interface FrameBits {
  /** True if the frame is the last of its message. Default `true`. */
  readonly fin?: boolean;
  /** True if the frame claims to be compressed. Default `false`. */
  readonly rsv1?: boolean;
  /** True if the frame is masked, as a client's must be (RFC 6455, 5.1). Default `true`. */
  readonly masked?: boolean;
  /** The length that the frame claims, in bytes. Default: the payload's. */
  readonly length?: number;
}

/** A WebSocket frame. Its mask is all zeros, which leaves the payload unchanged. */
export function frame(opcode: number, payload: Uint8Array, bits: FrameBits = {}): Buffer {
  const { fin = true, rsv1 = false, masked = true, length = payload.length } = bits;
  const long = length > 65_535 ? 10 : length > 125 ? 4 : 2;
  const head = Buffer.alloc(long + (masked ? 4 : 0));
  head[0] = opcode | (fin ? 0x80 : 0) | (rsv1 ? 0x40 : 0);
  head[1] = (masked ? 0x80 : 0) | (long === 10 ? 127 : long === 4 ? 126 : length);
  if (long === 4) head.writeUInt16BE(length, 2);
  if (long === 10) head.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([head, payload]);
}

/** The head of an upgrade request, without the empty line that ends it. */
export function upgradeHead({ path, authority }: Place, headers: readonly string[] = []): string {
  return [
    `GET ${path} HTTP/1.1`,
    `Host: ${authority}`,
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    `Sec-WebSocket-Key: ${randomBytes(16).toString("base64")}`,
    ...headers,
    "",
  ].join("\r\n");
}
