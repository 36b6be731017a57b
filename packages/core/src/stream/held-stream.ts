import type { Disposer, Payload } from "../model/payload.ts";

/**
 * The number of payloads that hold a stream, and the action that ends it when the last of them
 * goes.
 */
interface Holding {
  holders: number;
  /** True if another part is responsible for the stream from now on. */
  isTaken: boolean;
  readonly giveUp: () => void;
  readonly waiting: (() => Iterable<Payload>) | undefined;
}

type AnyStream = ReadableStream | WritableStream;

const holdings = new WeakMap<AnyStream, Holding>();

function holdingOf(stream: AnyStream): Holding {
  const known = holdings.get(stream);
  if (known) return known;
  return onGivenUp(stream, () => endLocal(stream));
}

/**
 * Calls `giveUp` when the last payload that holds `stream` goes, unless the stream was taken.
 *
 * @param waiting returns the chunks in the stream that hold something
 */
export function onGivenUp(
  stream: AnyStream,
  giveUp: () => void,
  waiting?: () => Iterable<Payload>,
): Holding {
  const holding = { holders: 0, isTaken: false, giveUp, waiting };
  holdings.set(stream, holding);
  return holding;
}

/** Says that a part other than the payloads holding `stream` is responsible for it from now on. */
export function takeStream(stream: AnyStream): void {
  holdingOf(stream).isTaken = true;
}

/** The reason for canceling a source whose stream was never read. */
export function unread(): Error {
  return new Error("ReadableStream RPC stub was disposed without being consumed");
}

/** The reason for aborting a sink whose stream was never closed. */
export function unclosed(): Error {
  return new Error("WritableStream RPC stub was disposed without calling close()");
}

function endLocal(stream: AnyStream): void {
  // The holder of the lock is responsible for the stream.
  if (stream.locked) return;
  // The reader keeps its lock. To a late reader, a canceled stream would look like an empty one.
  const ended =
    stream instanceof WritableStream
      ? stream.abort(unclosed())
      : stream.getReader().cancel(unread());
  ended.catch(() => {});
}

/**
 * A payload's hold on a stream in its value. A stream can't be duplicated as a stub can, so
 * payloads that share one count their holds, and the last of them ends it.
 */
export class HeldStream implements Disposer {
  readonly #stream: AnyStream;
  #isOver = false;

  constructor(stream: AnyStream) {
    this.#stream = stream;
    holdingOf(stream).holders++;
  }

  /** Leaves the stream to the application, if the application has locked it. */
  leaveIfLocked(): void {
    if (this.#stream.locked) takeStream(this.#stream);
  }

  waiting(): Iterable<Payload> {
    return holdingOf(this.#stream).waiting?.() ?? [];
  }

  dispose(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const holding = holdingOf(this.#stream);
    if (--holding.holders === 0 && !holding.isTaken) holding.giveUp();
  }
}
