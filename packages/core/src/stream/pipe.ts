import { type Expression, LimitError } from "@capnweb/wire";
import type { Budget } from "../budget.ts";
import {
  type ErrorHook,
  type PropertyPath,
  type Puller,
  StubHook,
  type Unregister,
} from "../hook.ts";
import type { Payload } from "../payload/payload.ts";
import type { Runtime } from "../runtime.ts";
import { WritableHook } from "./writable-hook.ts";

/**
 * Bytes that may wait in a pipe however little of it was read. Senders start with a window of
 * 256 KiB; those that know no window get this much credit.
 */
const LEAST_WINDOW = 4 * 1024 * 1024;

/** A sender's window at most doubles in a round trip. Twice as much allows for what is on its way. */
const MOST_GROWTH = 4;

/** A pipe that the peer made. Its streams, of some 8 KB, are made when one of them is used. */
export class Pipe {
  /** The writing end, which the peer's messages name. */
  readonly hook: StubHook;
  readonly #runtime: Runtime;
  #streams: TransformStream<unknown, unknown> | undefined;
  #controller: TransformStreamDefaultController | undefined;
  #isClaimed = false;

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
    this.hook = new PipeHook(
      () => {
        const { writable } = this.#make();
        // An abort fails the reading end at once: chunks don't wait for it to be read again.
        return WritableHook.of(this.#runtime, writable, (reason) =>
          this.#controller?.error(reason),
        );
      },
      () => this.#streams !== undefined,
    );
  }

  /** The reading end, or `undefined` if it was claimed before. */
  claim(): ReadableStream | undefined {
    if (this.#isClaimed) return undefined;
    this.#isClaimed = true;
    return this.#make().readable;
  }

  /** Gives up the reading end, if it wasn't claimed. */
  dispose(failure: ErrorHook | undefined): void {
    if (this.#isClaimed) return;
    this.#isClaimed = true;
    this.#streams?.readable.cancel(failure?.error).catch(() => {});
  }

  #make(): TransformStream<unknown, unknown> {
    this.#streams ??= new TransformStream({
      start: (controller) => {
        this.#controller = controller;
      },
    });
    return this.#streams;
  }
}

/** The reference to a pipe's writing end that a session holds for its peer. */
class PipeHook extends StubHook {
  readonly #open: () => WritableHook;
  readonly #isUsed: () => boolean;
  #writer: WritableHook | undefined;
  #isDisposed = false;
  /** Sizes of the peer's messages. */
  #waiting = 0;
  #read = 0;

  constructor(open: () => WritableHook, isUsed: () => boolean) {
    super();
    this.#open = open;
    this.#isUsed = isUsed;
  }

  get #hook(): WritableHook {
    this.#writer ??= this.#open();
    return this.#writer;
  }

  override deliverCall(path: PropertyPath, args: Payload): StubHook {
    const { budget } = args;
    const size = budget?.size ?? 0;
    this.#checkWindow(budget);
    this.#waiting += size;
    const result = this.#hook.deliverCall(path, args);
    result.whenSettled(() => {
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
    return this.#hook.deliverMap();
  }

  override get(): StubHook {
    return this.#hook.get();
  }

  override dup(): StubHook {
    return this.#hook.dup();
  }

  override pull(puller: Puller): void {
    this.#hook.pull(puller);
  }

  override onBroken(): Unregister {
    return () => {};
  }

  override dispose(failure?: ErrorHook): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    // The reader, if there is one, has to hear of the end.
    if (this.#isUsed()) this.#hook.dispose(failure);
  }
}
