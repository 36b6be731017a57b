/** Capsules of WebTransport over HTTP/2 (draft-ietf-webtrans-http2), as bytes. */

/** The types of capsules. */
export const CAPSULE = {
  datagram: 0x00,
  close: 0x2843,
  reset: 0x190b4d39,
  stopSending: 0x190b4d3a,
  stream: 0x190b4d3b,
  streamWithFin: 0x190b4d3c,
  maxData: 0x190b4d3d,
  maxStreamData: 0x190b4d3e,
  streamsBlocked: 0x190b4d44,
} as const;

/** A variable-length integer of QUIC (RFC 9000, 16), in its longest form. */
export function varint(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value) | (3n << 62n));
  return bytes;
}

/**
 * A capsule.
 *
 * @param length the length that the capsule claims. Default: the payload's
 */
export function capsule(type: number, payload: Uint8Array, length = payload.length): Buffer {
  return Buffer.concat([varint(type), varint(length), payload]);
}

/** The type of a capsule and the range of its payload; `undefined` while its head is incomplete. */
function headOf(bytes: Buffer): { type: number; start: number; end: number } | undefined {
  const type = readVarint(bytes, 0);
  const length = type && readVarint(bytes, type.end);
  if (!length) return undefined;
  return { type: type.value, start: length.end, end: length.end + length.value };
}

/** Reads a variable-length integer; `undefined` if a part of it is missing. */
export function readVarint(bytes: Buffer, at: number): { value: number; end: number } | undefined {
  if (at >= bytes.length) return undefined;
  const length = 2 ** (bytes[at]! >> 6);
  if (at + length > bytes.length) return undefined;
  let value = bytes[at]! & 0x3f;
  for (let i = 1; i < length; i++) value = value * 256 + bytes[at + i]!;
  return { value, end: at + length };
}

/** Extracts capsules from a stream of bytes. */
export class CapsuleReader {
  readonly #onCapsule: (type: number, payload: Buffer) => void;
  #chunks: Buffer[] = [];
  #length = 0;
  /** The least number of bytes that the current capsule needs. */
  #needed = 2;

  constructor(onCapsule: (type: number, payload: Buffer) => void) {
    this.#onCapsule = onCapsule;
  }

  push(bytes: Buffer): void {
    this.#chunks.push(bytes);
    this.#length += bytes.length;
    if (this.#length < this.#needed) return;
    let rest = Buffer.concat(this.#chunks);
    let head = headOf(rest);
    while (head !== undefined && head.end <= rest.length) {
      this.#onCapsule(head.type, rest.subarray(head.start, head.end));
      rest = rest.subarray(head.end);
      head = headOf(rest);
    }
    this.#chunks = [rest];
    this.#length = rest.length;
    this.#needed = head?.end ?? rest.length + 1;
  }
}
