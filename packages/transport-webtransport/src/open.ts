import { CLOSE_CODES, type CloseInfo, closeInfo } from "./close-info.ts";
import { closedError, lostError, openingTimedOut } from "./errors.ts";
import type {
  AcceptedWebTransportLike,
  ByteStreams,
  Connection,
  OptionalCloseInfo,
  WebTransportLike,
} from "./shapes.ts";

/** Default of the milliseconds that opening may take. */
export const DEFAULT_OPEN_TIMEOUT = 10_000;

type AnyWebTransport = Pick<WebTransportLike, "ready" | "closed" | "close">;

/**
 * Opens the stream of a session, as its client.
 *
 * @throws WebTransportClosedError if it can't be opened in time
 */
export function openStream(session: WebTransportLike, timeout: number): Promise<Connection> {
  return connect(session, timeout, () => session.createBidirectionalStream());
}

/**
 * Waits for the stream of a session, as its server.
 *
 * @throws WebTransportClosedError if the client doesn't open it in time
 */
export function acceptStream(
  session: AcceptedWebTransportLike,
  timeout: number,
): Promise<Connection> {
  return connect(session, timeout, async () => {
    const reader = session.incomingBidirectionalStreams.getReader();
    const { value, done } = await reader.read();
    // Other users of the session may take its other streams.
    reader.releaseLock();
    if (done) throw lostError(undefined);
    return value as ByteStreams;
  });
}

/** Makes a connection of a bare pair of byte streams. */
export function connectionOf({ readable, writable }: ByteStreams): Connection {
  return {
    readable,
    writable,
    // Both streams are locked, so only the transport's own reader and writer could end them.
    close() {},
  };
}

async function connect(
  session: AnyWebTransport,
  timeout: number,
  open: () => PromiseLike<{ readable: any; writable: any }>,
): Promise<Connection> {
  const closed = session.closed.then(completed);
  // These may reject after the last listener is gone.
  for (const promise of [session.ready, closed]) promise.then(undefined, () => {});
  let timer: ReturnType<typeof setTimeout> | undefined;
  const opening = (async () => {
    await session.ready;
    return await open();
  })();
  opening.catch(() => {});
  const failing = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(openingTimedOut(timeout)), timeout);
    closed.then((info) => reject(closedError(info)), reject);
  });
  try {
    const { readable, writable } = await Promise.race([opening, failing]);
    return {
      readable,
      writable,
      closed,
      close: (info) => close(session, info),
    };
  } catch (error) {
    const info = closeInfo(CLOSE_CODES.policyViolation, error);
    close(session, info);
    // In some libraries, close() does nothing before the session is ready.
    session.ready.then(
      () => close(session, info),
      () => {},
    );
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function completed(info: OptionalCloseInfo): CloseInfo {
  return { closeCode: info.closeCode ?? 0, reason: info.reason ?? "" };
}

function close(session: AnyWebTransport, info: CloseInfo): void {
  try {
    session.close(info);
  } catch {
    // The session is closed, or failed to open, so there is nothing to close.
  }
}
