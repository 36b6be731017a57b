import { type Expression, LimitError } from "@capnweb/wire";
import type { Budget } from "../budget.ts";
import { CHUNK_BYTES } from "../call-context/counts.ts";
import { onGivenUp, unread } from "../model/held-stream.ts";
import { type ErrorHook, type PropertyPath, type Puller, StubHook } from "../model/hook.ts";
import type { Payload } from "../model/payload.ts";
import type { Runtime } from "../model/runtime.ts";
import { WritableHook, type Writer } from "./writable-hook.ts";

/**
 * Bytes that may wait in a pipe however little of it was read. Senders start with a window of 256
 * KiB; those without windows get this much credit.
 */
const LEAST_WINDOW = 4 * 1024 * 1024;

/**
 * The growth of a sender's window that a pipe allows for. It doubles at most once per round trip,
 * and twice as much may be in flight.
 */
const MOST_GROWTH = 4;

/**
 * A pipe that the peer made. Its streams take some 8 KB, so they are made when one of them is used.
 */
export class Pipe {
  /** The writing end, which the peer's messages name. */
  readonly hook: PipeHook;
  /** Called if the reading end is gone while no call is under way that could report it. */
  onFailure: ((error: unknown) => void) | undefined;
  readonly #runtime: Runtime;
  #streams: TransformStream<unknown, unknown> | undefined;
  #controller: TransformStreamDefaultController | undefined;
  #isClaimed = false;
  /** The stream's writer, which outlives the writing end. */
  #writer: Writer | undefined;

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
    this.hook = new PipeHook(
      () => this.#open(),
      () => this.#streams !== undefined,
    );
  }

  /** Takes the reading end; `undefined` if it was claimed before. */
  claim(): ReadableStream | undefined {
    if (this.#isClaimed) return undefined;
    this.#isClaimed = true;
    // The peer must learn that the reader is gone even if it hasn't written yet.
    this.hook.open();
    return this.#make().readable;
  }

  /**
   * Whether something other than the export refers to the writing end. A peer may give away a stub
   * of it.
   */
  get isHeld(): boolean {
    return this.#writer !== undefined && this.#writer.count > 0;
  }

  /** Sets the callback for when nothing refers to the writing end any more. */
  set onGone(callback: () => void) {
    if (this.#writer) this.#writer.onDrop = callback;
  }

  /** Notes that the peer can't write any more, whatever else refers to the writing end. */
  abandon(failure: ErrorHook): void {
    this.#writer?.abandon(failure.error);
  }

  /** Gives up the reading end, unless it was claimed. */
  dispose(failure: ErrorHook | undefined): void {
    if (this.#isClaimed) return;
    this.#isClaimed = true;
    this.#streams?.readable.cancel(failure?.error).catch(() => {});
  }

  #open(): WritableHook {
    const { writable } = this.#make();
    // An abort fails the reading end at once. Chunks don't wait for it to be read again.
    const writer = WritableHook.of(this.#runtime, writable, (reason) =>
      this.#controller?.error(reason),
    );
    writer.onFailure = (error) => this.onFailure?.(error);
    this.#writer = writer.live;
    return writer;
  }

  #make(): TransformStream<unknown, unknown> {
    if (!this.#streams) {
      const { streams, controller } = createStreams(() => this.#writer?.waiting ?? []);
      this.#streams = streams;
      this.#controller = controller;
    }
    return this.#streams;
  }
}

/** The reading ends of peers' pipes. */
const received = new WeakSet<ReadableStream>();

/**
 * Whether a stream is the reading end of a peer's pipe, so that its chunks belong to the reader.
 */
export function isReceived(stream: ReadableStream): boolean {
  return received.has(stream);
}

/**
 * Makes the streams of a pipe. If the reading end is given up unread, both fail: the peer's source
 * is canceled, and a late reader gets an error instead of an empty stream.
 */
function createStreams(waiting: () => Iterable<Payload>): {
  streams: TransformStream<unknown, unknown>;
  controller: TransformStreamDefaultController;
} {
  let controller!: TransformStreamDefaultController;
  const streams = new TransformStream({
    start(own) {
      controller = own;
    },
  });
  received.add(streams.readable);
  const giveUp = () => {
    // The holder of the lock reads the stream, and cancels it when done.
    if (!streams.readable.locked) controller.error(unread());
  };
  onGivenUp(streams.readable, giveUp, waiting);
  return { streams, controller };
}

/** The reference to a pipe's writing end that a session holds for its peer. */
class PipeHook extends StubHook {
  readonly #open: () => WritableHook;
  readonly #isUsed: () => boolean;
  #writer: WritableHook | undefined;
  #isDisposed = false;
  /** Sizes of the peer's messages that wait. */
  #waiting = 0;
  #read = 0;

  constructor(open: () => WritableHook, isUsed: () => boolean) {
    super();
    this.#open = open;
    this.#isUsed = isUsed;
  }

  /** Makes the pipe's streams, unless they are there already. */
  open(): WritableHook {
    this.#writer ??= this.#open();
    return this.#writer;
  }

  override deliverCall(path: PropertyPath, args: Payload): StubHook {
    const { budget } = args;
    const size = (budget?.size ?? 0) + (budget?.made ?? 0);
    this.#checkWindow(budget);
    const held = budget?.owner?.held;
    held?.add(CHUNK_BYTES);
    this.#waiting += size;
    const result = this.open().deliverCall(path, args);
    result.whenSettled(() => {
      held?.remove(CHUNK_BYTES);
      this.#waiting -= size;
      this.#read += size;
    });
    return result;
  }

  #checkWindow(budget: Budget | undefined): void {
    if (!budget || this.#waiting <= Math.max(LEAST_WINDOW, MOST_GROWTH * this.#read)) return;
    const error = new LimitError(
      `The peer sends into a pipe that isn't read: ${this.#waiting} bytes wait.`,
    );
    budget.owner?.exceeded(error);
    throw error;
  }

  override deliverMap(
    _path: PropertyPath,
    _captures: StubHook[],
    _instructions: Expression[],
  ): StubHook {
    return this.open().deliverMap();
  }

  override get(): StubHook {
    return this.open().get();
  }

  override dup(): StubHook {
    return this.open().dup();
  }

  override pull(puller: Puller): void {
    this.open().pull(puller);
  }

  override onBroken(): void {}

  override dispose(failure?: ErrorHook): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    // A reader, if there is one, must learn of the end.
    if (this.#isUsed()) this.open().dispose(failure);
  }
}
