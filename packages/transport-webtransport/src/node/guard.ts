/** Guards the library against peers that attack it or that are gone. */

import { Rate } from "../rate.ts";
import type { OptionalCloseInfo } from "../shapes.ts";
import { payloadOf } from "./connection-guard.ts";
import type { LibraryVisitor, NativeSession, NativeStream } from "./library.ts";

/** The code of a canceled HTTP/2 stream (RFC 9113, 7). */
const CANCEL = 8;

/** Sessions whose peers ended them on purpose. */
const closedByPeer = new WeakSet<NativeSession>();

/**
 * Most bytes that the library may collect of a capsule before it handles it. A datagram may have 16
 * KiB.
 */
const MAX_CAPSULE = 32 * 1024;

/**
 * Most bytes that may wait on the HTTP/2 stream. Writes of data hold back earlier than that; other
 * capsules don't.
 */
const MAX_UNSENT = 1024 * 1024;

/**
 * Most bytes per second of capsules that carry no data, such as updates of flow control. (Data that
 * flows at 50 MB/s takes 60 KB of updates with the smallest windows.)
 */
const OVERHEAD_RATE = 64 * 1024;

/** Bytes around the data of a capsule: its type, its length and the stream's number. */
const CAPSULE_OVERHEAD = 20;

/**
 * Ends a session whose peer sends bytes that make the library throw. It would throw in an event
 * listener, which ends the process. Also ends a session whose peer ends the stream under it, which
 * the library overlooks.
 *
 * Bounds the library's memory and work besides: it takes nothing after the end, and neither empty
 * capsules, nor long ones, nor unread answers to capsules pile up.
 */
export function guard(native: NativeSession): void {
  const { stream, capsParser } = native;
  if (capsParser === undefined) return;
  const cancel = () => {
    stream?.close(CANCEL);
    stream?.destroy();
  };
  stream?.once("end", () => {
    closedByPeer.add(native);
    // Doesn't call close(), which on Node 20 writes without end if the session is being closed too.
    stream.end();
  });
  const close = capsParser.onCloseWebTransportSession.bind(capsParser);
  capsParser.onCloseWebTransportSession = (info) => {
    closedByPeer.add(native);
    close(info);
  };
  const payload = payloadOf(stream);
  const overhead = new Rate(OVERHEAD_RATE);
  let carried = 0;
  const open = capsParser.newStream.bind(capsParser);
  capsParser.newStream = (id, priority) => {
    const opened = open(id, priority);
    if (opened === undefined) return undefined;
    guardData(opened, (bytes) => {
      carried += bytes + CAPSULE_OVERHEAD;
    });
    return opened;
  };
  const parse = capsParser.parseData.bind(capsParser);
  capsParser.parseData = (data) => {
    if (isOver(native.jsobj)) return;
    payload.bytes += data.length;
    carried = 0;
    try {
      parse(data);
    } catch {
      cancel();
      return;
    }
    const isLong = (capsParser.saveddata?.length ?? 0) > MAX_CAPSULE;
    const isUnread = (stream?.writableLength ?? 0) > MAX_UNSENT;
    const idle = data.length - carried;
    if (isLong || isUnread || (idle > 0 && !overhead.take(idle))) cancel();
  };
}

/**
 * Drops data without bytes, and joins bytes that wait to be read. The library would keep an entry
 * for each, outside of flow control, and walk through all entries each time.
 *
 * @param onData told the number of bytes in each capsule
 */
function guardData(stream: NativeStream, onData: (bytes: number) => void): void {
  const receive = stream.recvData.bind(stream);
  stream.recvData = (received) => {
    const bytes = received.data?.byteLength ?? 0;
    if (bytes > 0) onData(bytes);
    else if (!received.fin) return;
    receive(received);
    if (stream.incomdata.length > 1) mergeLast(stream.incomdata);
  };
}

/** Bytes below which an entry is joined to the one before it. */
const SMALL = 4 * 1024;

/** Buffers that have room at their end, by the part of them that is used. */
const roomy = new WeakMap<Uint8Array, Uint8Array>();

function mergeLast(entries: NativeStream["incomdata"]): void {
  const [before, last] = [entries.at(-2), entries.at(-1)];
  if (!before?.data || !last?.data || before.fin || last.data.length > SMALL) return;
  const used = before.data.length;
  let buffer = roomy.get(before.data);
  if (buffer === undefined || buffer.length < used + last.data.length) {
    if (used > SMALL) return;
    buffer = new Uint8Array(4 * SMALL);
    buffer.set(before.data);
  }
  buffer.set(last.data, used);
  const data = buffer.subarray(0, used + last.data.length);
  roomy.set(data, buffer);
  entries.splice(-2, 2, { data, fin: last.fin });
}

function isOver(session: LibraryVisitor | undefined): boolean {
  return session?.state === "closed" || session?.state === "failed";
}

/**
 * Stops a session that is over from taking more streams: the library would throw outside of the
 * parser. Drops datagrams, which the library would queue.
 */
export function guardVisitor(session: LibraryVisitor): void {
  const take = session.onStream.bind(session);
  session.onStream = (args) => {
    if (!isOver(session)) take(args);
  };
  session.onDatagramReceived = () => {};
}

/**
 * Makes the library's `closed` reject if the connection broke. The library resolves it with the end
 * of the HTTP/2 stream, whether the peer closed the session or the connection was lost.
 *
 * @param native the native session, once there is one
 * @throws Error if the connection was lost
 */
export async function lossAsRejection(
  closed: PromiseLike<OptionalCloseInfo>,
  native: () => NativeSession | undefined,
): Promise<OptionalCloseInfo> {
  const info = await closed;
  const session = native();
  if (session?.capsParser === undefined || closedByPeer.has(session)) return info;
  throw new Error(info.reason || `The HTTP/2 stream ended with code ${info.closeCode}.`);
}
