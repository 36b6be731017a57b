/** What stands between the library and a peer that means harm, or is gone. */
import type { OptionalCloseInfo } from "../shapes.ts";
import type { NativeSession } from "./library.ts";

/** The code of an HTTP/2 stream that was canceled: RFC 9113, 7. */
const CANCEL = 8;

/**
 * Ends a session whose peer sends capsules that the library fails at. It would throw in an event listener,
 * and so end the process.
 */
export function guardParser({ stream, capsParser }: NativeSession): void {
  if (capsParser === undefined) return;
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
