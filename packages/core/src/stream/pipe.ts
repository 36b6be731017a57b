import { LimitError } from "@capnweb/wire";
import { requireClass } from "@capnweb/wire/internal";
import type { Budget } from "../budget.ts";
import { CHUNK_BYTES } from "../call-context/counts.ts";
import type { ErrorHook, PropertyPath, Puller, StubHook } from "../model/hook.ts";
import type { Payload } from "../model/payload.ts";
import { PipeHook } from "../model/pipe-hook.ts";
import type { Runtime } from "../model/runtime.ts";
import { onGivenUp, unread } from "./held-stream.ts";
import { WritableHook, type Writer } from "./writable-hook.ts";

/** The reading ends of peers' pipes. */
const received = new WeakSet<ReadableStream>();

/**
 * True if a stream is the reading end of a peer's pipe, so that its chunks belong to the reader.
 */
export function isReceived(stream: ReadableStream): boolean {
  return received.has(stream);
}

/** A pipe. Its streams take some 8 KB, so they are made when one of them is used. */
export class Pipe extends PipeHook {
  readonly #runtime: Runtime;
  #readable: ReadableStream | undefined;
  #isClaimed = false;
  #hook: WritableHook | undefined;
  /** The stream's writer, which outlives the writing end. */
  #writer: Writer | undefined;
  /** Sizes of the peer's messages that wait. */
  #waiting = 0;
  #read = 0;

  constructor(runtime: Runtime) {
    super();
    this.#runtime = runtime;
  }

  override claim(): ReadableStream | undefined {
    if (this.#isClaimed) return undefined;
    this.#isClaimed = true;
    // The peer must learn that the reader is gone even if it hasn't written yet.
    this.#open();
    return this.#readable;
  }

  override get isHeld(): boolean {
    return this.#writer !== undefined && this.#writer.count > 0;
  }

  override set onGone(callback: () => void) {
    if (this.#writer) this.#writer.onDrop = callback;
  }

  override abandon(failure: ErrorHook): void {
    this.#writer?.abandon(failure.error);
  }

  /** Makes the pipe's streams, unless they are there already. */
  #open(): WritableHook {
    this.#hook ??= this.#make();
    return this.#hook;
  }

  /**
   * Makes the streams. If the reading end is given up unread, both fail: the peer's source is
   * canceled, and a late reader gets an error instead of an empty stream.
   */
  #make(): WritableHook {
    requireClass("TransformStream");
    let controller!: TransformStreamDefaultController;
    const { readable, writable } = new TransformStream({
      start(own) {
        controller = own;
      },
    });
    received.add(readable);
    const giveUp = () => {
      // The holder of the lock reads the stream, and cancels it when done.
      if (!readable.locked) controller.error(unread());
    };
    onGivenUp(readable, giveUp, () => this.#writer?.waiting ?? []);
    this.#readable = readable;
    // An abort fails the reading end at once. Chunks don't wait for it to be read again.
    const hook = WritableHook.of(this.#runtime, writable, (reason) => controller.error(reason));
    hook.onFailure = (error) => this.onFailure?.(error);
    this.#writer = hook.live;
    return hook;
  }

  override deliverCall(path: PropertyPath, args: Payload): StubHook {
    const { budget } = args;
    const size = (budget?.size ?? 0) + (budget?.made ?? 0);
    this.#checkWindow(budget);
    const held = budget?.owner?.held;
    held?.add(CHUNK_BYTES);
    this.#waiting += size;
    const taken = () => {
      held?.remove(CHUNK_BYTES);
      this.#waiting -= size;
    };
    try {
      const result = this.#open().deliverCall(path, args);
      result.whenSettled(() => {
        taken();
        this.#read += size;
      });
      return result;
    } catch (error) {
      taken();
      throw error;
    }
  }

  #checkWindow(budget: Budget | undefined): void {
    // Bytes that may wait in a pipe however little of it was read. Senders start with a window of
    // 256 KiB; those without windows get this much credit.
    const LEAST_WINDOW = 4 * 1024 * 1024;
    // The growth of a sender's window that a pipe allows for. It doubles at most once per round
    // trip, and twice as much may be in flight.
    const MOST_GROWTH = 4;
    if (!budget || this.#waiting <= Math.max(LEAST_WINDOW, MOST_GROWTH * this.#read)) return;
    const error = new LimitError(`Nothing reads the peer's pipe: ${this.#waiting} bytes wait.`);
    budget.owner?.abort(error);
    throw error;
  }

  override deliverMap(): StubHook {
    return this.#open().deliverMap();
  }

  override get(): StubHook {
    return this.#open().get();
  }

  override dup(): StubHook {
    return this.#open().dup();
  }

  override pull(puller: Puller): void {
    this.#open().pull(puller);
  }

  override onBroken(): void {}

  /** Gives up the writing end, which a reader must learn, and the reading end unless claimed. */
  override dispose(failure?: ErrorHook): void {
    // The peer can't write any more, whatever else refers to its pipe.
    if (failure) this.abandon(failure);
    this.#hook?.dispose(failure);
    if (this.#isClaimed) return;
    this.#isClaimed = true;
    this.#readable?.cancel(failure?.error).catch(() => {});
  }
}
