import { once } from "node:events";
import { type ClientHttp2Session, type ClientHttp2Stream, connect } from "node:http2";

/** An HTTP/2 connection to a server of WebTransport, for clients that break rules. */
export async function connectHttp2(url: string): Promise<ClientHttp2Session> {
  const session = connect(url, { rejectUnauthorized: false });
  session.on("error", () => {});
  await once(session, "remoteSettings");
  return session;
}

/** Requests a session. */
export function request(session: ClientHttp2Session, path = "/", headers: object = {}) {
  const stream = session.request({
    ":method": "CONNECT",
    ":protocol": "webtransport",
    ":scheme": "https",
    ":path": path,
    ...headers,
  });
  stream.on("error", () => {});
  // The data is unimportant, but must be read for the end to arrive.
  stream.resume();
  return stream;
}

/** Resolves when something is closed in any way. */
export function closed(emitter: NodeJS.EventEmitter): Promise<void> {
  return new Promise((resolve) => emitter.once("close", () => resolve()));
}

/** @returns the headers of the answer */
export async function responseOf(stream: ClientHttp2Stream): Promise<Record<string, unknown>> {
  const [headers] = await once(stream, "response");
  return headers;
}

/** @returns the status of the answer */
export async function statusOf(stream: ClientHttp2Stream): Promise<number> {
  return (await responseOf(stream))[":status"] as number;
}

/** Types of capsules (draft-ietf-webtrans-http2). */
export const CAPSULE = {
  reset: 0x190b4d39,
  stopSending: 0x190b4d3a,
  stream: 0x190b4d3b,
  streamWithFin: 0x190b4d3c,
  maxData: 0x190b4d3d,
  maxStreamData: 0x190b4d3e,
  maxStreams: 0x190b4d3f,
  streamsBlocked: 0x190b4d44,
  close: 0x2843,
  drain: 0x78ae,
  datagram: 0x00,
} as const;

/** A capsule: type, length, and payload. */
export function capsule(type: number, payload: Uint8Array, length = payload.length): Buffer {
  return Buffer.concat([varint(type), varint(length), payload]);
}

/** A variable-length integer of QUIC (RFC 9000, 16). */
export function varint(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value) | (3n << 62n));
  return bytes;
}

/** A capsule with data of a client's n-th bidirectional stream. */
export function streamCapsule(n: number, data: Uint8Array): Buffer {
  return capsule(CAPSULE.stream, Buffer.concat([varint(4 * n + 1), data]));
}
