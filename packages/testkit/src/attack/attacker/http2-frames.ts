/** Frames of HTTP/2 (RFC 9113), as bytes that no library would write. */

/** The types of frames. */
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

const END_STREAM = 1;
const END_HEADERS = 4;
/** Most bytes of a frame, unless a server allows more. */
const LONGEST = 16_384;

/** A frame of HTTP/2. */
export function http2Frame(
  type: number,
  flags: number,
  stream: number,
  payload: Uint8Array = Buffer.of(),
): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** The first bytes of a client's connection. */
export const PREFACE = Buffer.concat([
  Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
  http2Frame(FRAME.settings, 0, 0),
]);

/** The id of a client's n-th stream, counted from 0. */
export function streamId(n: number): number {
  return 2 * n + 1;
}

/** A request without its body, in as many frames as it needs. */
export function requestFrames(stream: number, headers: Readonly<Record<string, string>>): Buffer {
  const block = Buffer.concat(
    Object.entries(headers).flatMap(([name, value]) => [
      Buffer.of(0),
      literal(name),
      literal(value),
    ]),
  );
  const frames: Buffer[] = [];
  for (let at = 0; at === 0 || at < block.length; at += LONGEST) {
    const type = at === 0 ? FRAME.headers : FRAME.continuation;
    const isLast = at + LONGEST >= block.length;
    const part = block.subarray(at, at + LONGEST);
    frames.push(http2Frame(type, isLast ? END_HEADERS : 0, stream, part));
  }
  return Buffer.concat(frames);
}

/** The whole body of a request. */
export function bodyFrames(stream: number, body: string): Buffer {
  const bytes = Buffer.from(body);
  const frames: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += LONGEST) {
    frames.push(http2Frame(FRAME.data, 0, stream, bytes.subarray(at, at + LONGEST)));
  }
  return Buffer.concat([...frames, http2Frame(FRAME.data, END_STREAM, stream)]);
}

/** Resets a stream, as a client does that has changed its mind. */
export function resetFrame(stream: number): Buffer {
  return http2Frame(FRAME.reset, 0, stream, Buffer.of(0, 0, 0, 8));
}

/** A text of HPACK (RFC 7541, 5.2), without compression. */
function literal(text: string): Buffer {
  const bytes = Buffer.from(text);
  const head: number[] = [];
  if (bytes.length < 127) head.push(bytes.length);
  else {
    head.push(127);
    let rest = bytes.length - 127;
    for (; rest >= 128; rest = Math.floor(rest / 128)) head.push((rest % 128) + 128);
    head.push(rest);
  }
  return Buffer.concat([Buffer.from(head), bytes]);
}
