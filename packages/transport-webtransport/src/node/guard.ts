/** What stands between the library and a peer that means harm, or is gone. */

import { Rate } from "../rate.ts";
import type { OptionalCloseInfo } from "../shapes.ts";
import { payloadOf } from "./connection-guard.ts";
import type { LibraryVisitor, NativeSession, NativeStream } from "./library.ts";

/** The code of an HTTP/2 stream that was canceled: RFC 9113, 7. */
const CANCEL = 8;

/** Sessions that ended as their peers wanted. */
const closedByPeer = new WeakSet<NativeSession>();

/**
 * Most bytes of a capsule that the library collects before it looks at it. A datagram may have 16
 * KiB.
 */
const MAX_CAPSULE = 32 * 1024;

/**
 * Bytes that may wait on the HTTP/2 stream. Writes of data hold back earlier; other capsules don't.
 */
const MAX_UNSENT = 1024 * 1024;

/**
 * Bytes of capsules that carry no data, per second: updates of flow control. (Data that flows at 50
 * MB/s takes 60 KB with the smallest windows.)
 */
const OVERHEAD_RATE = 64 * 1024;

/** Bytes around the data of a capsule: its type, its length and the stream's number. */
const CAPSULE_OVERHEAD = 20;

/**
 * Ends a session whose peer sends what the library fails at: it would throw in an event listener,
 * and so end the process. And one whose peer ends the stream that carries it, which the library
 * overlooks.
 *
 * Bounds what a peer can make the library hold or do besides: nothing is taken after the end;
 * neither capsules without data nor long ones pile up; answers to capsules don't pile up unread.
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
    // Not close(): on Node 20, that writes without end if the session is being closed as well.
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
 * Drops data without bytes, and puts the bytes together that wait to be read. The library would
 * keep an entry of each, outside of flow control, and go through all of them for each.
 *
 * @param onData told of the bytes of each capsule
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

/** Bytes below which an entry is put together with the one before. */
const SMALL = 4 * 1024;

/** Buffers with room at their end, and how much of them is used. */
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
 * Has a session that is over take no more streams: the library would fail at them, outside of the
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
 * The library's `closed`, which makes no difference between a session that its peer closed and one
 * whose connection broke: it gives what the HTTP/2 stream ended with.
 *
 * @param native what carries the session, once it is there
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
