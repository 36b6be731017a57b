/** What stands between the library and a peer that means harm, or is gone. */
import type { OptionalCloseInfo } from "../shapes.ts";
import type { LibraryVisitor, NativeSession } from "./library.ts";

/** The code of an HTTP/2 stream that was canceled: RFC 9113, 7. */
const CANCEL = 8;

/** Sessions that ended as their peers wanted. */
const closedByPeer = new WeakSet<NativeSession>();

/**
 * Ends a session whose peer sends what the library fails at: it would throw in an event listener, and so
 * end the process. And one whose peer ends the stream that carries it, which the library overlooks.
 */
export function guard(native: NativeSession): void {
  const { stream, capsParser } = native;
  if (capsParser === undefined) return;
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
  const parse = capsParser.parseData.bind(capsParser);
  capsParser.parseData = (data) => {
    try {
      parse(data);
    } catch {
      stream?.close(CANCEL);
      stream?.destroy();
    }
  };
}

/** Has a session that is over take no more streams. The library would fail at them, outside of the parser. */
export function guardStreams(session: LibraryVisitor): void {
  const take = session.onStream.bind(session);
  session.onStream = (args) => {
    if (session.state !== "closed" && session.state !== "failed") take(args);
  };
}

/**
 * The library's `closed`, which makes no difference between a session that its peer closed and one whose
 * connection broke: it gives what the HTTP/2 stream ended with.
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

/** Reads a stream of what nobody asked for and drops it, so that it takes no memory. */
export async function discard(stream: ReadableStream<unknown>): Promise<void> {
  const reader = stream.getReader();
  try {
    while (!(await reader.read()).done);
  } catch {
    // The session is over.
  }
}
