import { connect, type TLSSocket } from "node:tls";

/** Types of frames (RFC 9113, 6). */
export const FRAME = {
  data: 0,
  headers: 1,
  priority: 2,
  reset: 3,
  settings: 4,
  ping: 6,
  windowUpdate: 8,
  continuation: 9,
} as const;

const END_HEADERS = 4;
const PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/** A frame. */
export function frame(type: number, flags: number, stream: number, payload: Uint8Array): Buffer {
  const header = Buffer.alloc(9);
  header.writeUIntBE(payload.length, 0, 3);
  header[3] = type;
  header[4] = flags;
  header.writeUInt32BE(stream, 5);
  return Buffer.concat([header, payload]);
}

/** A request, in literals without a table. */
export function requestFrame(stream: number, headers: Record<string, string> = {}): Buffer {
  const all = {
    ":method": "CONNECT",
    ":protocol": "webtransport",
    ":scheme": "https",
    ":authority": "localhost",
    ":path": "/",
    ...headers,
  };
  const fields = Object.entries(all).flatMap(([name, value]) => [
    Uint8Array.of(0),
    literal(name),
    literal(value),
  ]);
  return frame(FRAME.headers, END_HEADERS, stream, Buffer.concat(fields));
}

function literal(text: string): Buffer {
  return Buffer.concat([Uint8Array.of(text.length), Buffer.from(text)]);
}

/** Resets a stream, as a client does that has changed its mind. */
export function resetFrame(stream: number): Buffer {
  return frame(FRAME.reset, 0, stream, Uint8Array.of(0, 0, 0, 8));
}

/** A connection on which a test sends its own frames. It doesn't read unless told to. */
export async function connectRaw(port: number): Promise<TLSSocket> {
  const socket = connect({ port, rejectUnauthorized: false, ALPNProtocols: ["h2"] });
  socket.on("error", () => {});
  await new Promise((resolve) => socket.once("secureConnect", resolve));
  socket.write(PREFACE);
  socket.write(frame(FRAME.settings, 0, 0, new Uint8Array()));
  return socket;
}

/**
 * Sends the same frames again and again until the connection is cut.
 *
 * @returns the number of times they were sent
 */
export async function flood(socket: TLSSocket, bytes: (n: number) => Uint8Array): Promise<number> {
  let sent = 0;
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  while (!socket.destroyed) {
    const isFull = !socket.write(bytes(sent++));
    if (isFull) {
      const drained = new Promise<void>((resolve) => socket.once("drain", () => resolve()));
      await Promise.race([drained, closed]);
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  return sent;
}
