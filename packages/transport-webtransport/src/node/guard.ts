/** What stands between the library and a peer that means harm, or is gone. */
import type { OptionalCloseInfo } from "../shapes.ts";
import type { LibraryVisitor, NativeSession } from "./library.ts";

/** The code of an HTTP/2 stream that was canceled: RFC 9113, 7. */
const CANCEL = 8;

/**
 * Ends a session whose peer sends what the library fails at: it would throw in an event listener, and so
 * end the process. And one whose peer ends the stream that carries it, which the library overlooks.
 */
export function guard({ stream, capsParser }: NativeSession): void {
  if (capsParser === undefined) return;
  stream?.once("end", () => stream.end());
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
 * The library's `closed`, which says of a connection that was lost that its peer closed it, with the code
 * of a canceled stream and no reason.
 *
 * @throws Error if the connection was lost
 */
export async function lossAsRejection(
  closed: PromiseLike<OptionalCloseInfo>,
): Promise<OptionalCloseInfo> {
  const info = await closed;
  if (info.closeCode === CANCEL && !info.reason) throw new Error("The HTTP/2 stream was canceled.");
  return info;
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
