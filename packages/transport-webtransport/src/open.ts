import { CLOSE_CODES, type CloseInfo, closeInfo } from "./close-info.ts";
import { closedError, lostError, openingTimedOut } from "./errors.ts";
import type {
  AcceptedWebTransportLike,
  ByteStreams,
  Connection,
  OptionalCloseInfo,
  WebTransportLike,
} from "./shapes.ts";

/** Milliseconds that opening may take, unless told otherwise. */
export const DEFAULT_OPEN_TIMEOUT = 10_000;

type AnyWebTransport = Pick<WebTransportLike, "ready" | "closed" | "close">;

/** Opens the stream of a session, as its client. @throws WebTransportClosedError */
export function openStream(session: WebTransportLike, timeout: number): Promise<Connection> {
  return connect(session, timeout, () => session.createBidirectionalStream());
}

/** Waits for the stream of a session, as its server. @throws WebTransportClosedError */
export function acceptStream(
  session: AcceptedWebTransportLike,
  timeout: number,
): Promise<Connection> {
  return connect(session, timeout, async () => {
    const reader = session.incomingBidirectionalStreams.getReader();
    const { value, done } = await reader.read();
    // The session's other streams are for whoever else uses it.
    reader.releaseLock();
    if (done) throw lostError(undefined);
    return value as ByteStreams;
  });
}

/** A pair of byte streams as a connection that has nothing else to it. */
export function connectionOf({ readable, writable }: ByteStreams): Connection {
  return {
    readable,
    writable,
    // Both are locked: only their own reader and writer, which the transport has, could end them.
    close() {},
  };
}

async function connect(
  session: AnyWebTransport,
  timeout: number,
  open: () => PromiseLike<{ readable: any; writable: any }>,
): Promise<Connection> {
  const closed = session.closed.then(completed);
  // They may reject when nobody looks any more.
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
    // It does nothing before the session is ready, in some libraries.
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
    // It is closed, or failed to open: nothing is left to be closed.
  }
}
