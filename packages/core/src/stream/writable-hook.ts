import { STREAM_CALL_BYTES } from "../call-context/counts.ts";
import { notAFunction } from "../errors.ts";
import { withDisposer } from "../local/deliver.ts";
import { servingOf } from "../local/serving.ts";
import { FilledBytes } from "../model/filled-bytes.ts";
import { holdsItself } from "../model/holding.ts";
import { ErrorHook, type PropertyPath, type Puller, type StubHook } from "../model/hook.ts";
import { Payload } from "../model/payload.ts";
import type { Runtime } from "../model/runtime.ts";
import { Shared, SharedHook } from "../model/shared-hook.ts";
import { beyondMessage } from "../model/waiting-size.ts";
import { unclosed } from "./held-stream.ts";

/** The methods that a peer may call, by their names on the stream's writer. */
const METHODS = ["write", "close", "abort"] as const;

/** A stream's writing end, shared by all references to it. */
export interface Writer {
  /** The unread chunks that hold something. */
  readonly waiting: Iterable<Payload>;
  /** The number of references. */
  readonly count: number;
  /** Called when the last reference goes. */
  onDrop: (() => void) | undefined;
  abandon(error: unknown): void;
}

class SharedWriter extends Shared implements Writer {
  readonly runtime: Runtime;
  /** The last call that had to wait for its chunk. Later calls queue up behind it. */
  tail: Promise<unknown> | undefined;
  /** Called if the stream fails by itself while no call is under way that could report it. */
  onFailure: ((error: unknown) => void) | undefined;
  onDrop: (() => void) | undefined;
  readonly #writer: WritableStreamDefaultWriter<unknown>;
  readonly #fail: ((reason: unknown) => void) | undefined;
  #ended = false;
  #writing = 0;
  /** The chunks that wait. Most streams have none. */
  #waiting: Set<Payload> | undefined;

  constructor(
    runtime: Runtime,
    stream: WritableStream<unknown>,
    fail: ((reason: unknown) => void) | undefined,
  ) {
    super();
    this.runtime = runtime;
    this.#fail = fail;
    this.#writer = stream.getWriter();
    // Failures are reported by the calls they concern, if there are any.
    this.#writer.closed.catch((error) => {
      if (!this.#ended && this.#writing === 0) this.onFailure?.(error);
    });
    this.#writer.ready.catch(() => {});
  }

  get waiting(): Iterable<Payload> {
    return this.#waiting ?? [];
  }

  /**
   * Keeps track of a chunk that holds something.
   *
   * @throws TypeError for a chunk that holds the stream that it is in, because it could never be
   *   read
   */
  #wait(chunk: Payload): void {
    if (chunk.isFlat) return;
    this.#waiting ??= new Set();
    this.#waiting.add(chunk);
    if (holdsItself(chunk)) throw new TypeError("A stream can't be a part of itself.");
  }

  /** Takes over `args`. */
  async call(method: (typeof METHODS)[number], args: Payload): Promise<void> {
    let isTaken = false;
    try {
      if (method === "write") args = chunkOf(args);
      const [operand] = args.value as unknown[];
      if (method === "write") {
        this.#wait(args);
        // A write that fails isn't subtracted, because its answer reports the stream's failure.
        this.#writing++;
        await this.#writer.write(withDisposer(operand, args));
        this.#writing--;
        // The reader disposes of the chunk from now on. A stream that fails drops it unread.
        isTaken = true;
      } else {
        this.#ended = true;
        await (method === "close" ? this.#writer.close() : this.#abort(operand));
      }
    } finally {
      this.#waiting?.delete(args);
      if (!isTaken) args.dispose();
    }
  }

  /** Aborts the stream, unless it was closed or aborted. */
  abandon(error: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#abort(error).catch(() => {});
  }

  #abort(reason: unknown): Promise<void> {
    const aborted = this.#writer.abort(reason);
    if (!this.#fail) return aborted;
    this.#fail(reason);
    // It only repeats the failure just made.
    return aborted.catch(() => {});
  }

  override drop({ error } = new ErrorHook(unclosed())): void {
    this.abandon(error);
    this.onDrop?.();
  }
}

/** The chunk alone. A peer may send more operands, which the reader would never dispose of. */
function chunkOf(args: Payload): Payload {
  const operands = args.value as unknown[];
  if (operands.length <= 1) return args;
  const chunk = Payload.copied(args.runtime, [operands[0]], args.budget);
  args.dispose();
  return chunk;
}

/**
 * A reference to the writing end of a stream of this process, with the methods `write(chunk)`,
 * `close()` and `abort(reason)`. Locks the stream. Giving up the last reference aborts it, unless
 * it was closed.
 */
export class WritableHook extends SharedHook<SharedWriter> {
  /**
   * @param fail for a pipe: fails both of its ends at once. An aborted stream waits for the write
   *   that is under way
   * @throws TypeError if the stream is locked
   */
  static of(
    runtime: Runtime,
    stream: WritableStream<unknown>,
    fail?: (reason: unknown) => void,
  ): WritableHook {
    return new WritableHook(new SharedWriter(runtime, stream, fail));
  }

  override another(shared: SharedWriter): StubHook {
    return new WritableHook(shared);
  }

  /**
   * Sets the callback for a failure of the stream while the peer awaits no answer that could report
   * it.
   */
  set onFailure(callback: (error: unknown) => void) {
    this.shared.onFailure = callback;
  }

  override get isWriter(): boolean {
    return true;
  }

  override deliverCall(path: PropertyPath, args: Payload): StubHook {
    const { shared } = this;
    const method = METHODS.find((name) => path.length === 1 && path[0] === name);
    if (!method) throw notAFunction(path);
    args.own();
    // A close doesn't use operands. The stream's own reading end might be one, and would wait for
    // it.
    if (method === "close") args.dispose();
    const held = args.budget?.owner?.held;
    const bytes = STREAM_CALL_BYTES + (method === "write" ? beyondMessage(args) : 0);
    // Before anything waits: over the limit, this throws, and nothing would see to the promises.
    held?.add(bytes);
    try {
      const filled = FilledBytes.of(args);
      const filling = args.fillIn(undefined, filled);
      const result = shared.runtime.hookOfPromise(this.#call(method, args, filling));
      result.whenSettled(() => {
        held?.remove(bytes);
        filled?.dispose();
      });
      return result;
    } catch (error) {
      held?.remove(bytes);
      throw error;
    }
  }

  #call(
    method: (typeof METHODS)[number],
    args: Payload,
    filling: Promise<void> | undefined,
  ): Promise<void> {
    const { shared } = this;
    const write = () => shared.call(method, args);
    const serving = servingOf(args.budget);
    const call = serving ? () => serving.write(shared, [method], args, write) : write;
    if (!filling && !shared.tail) return call();
    const result = Promise.all([shared.tail, filling]).then(call, (error: unknown) => {
      // A promise in the chunk rejected, so the stream lacks the chunk.
      args.dispose();
      shared.abandon(error);
      throw error;
    });
    shared.tail = result.catch(() => {});
    return result;
  }

  override deliverMap(): StubHook {
    throw new Error("Cannot use map() on a WritableStream stub");
  }

  override get(): StubHook {
    return new ErrorHook(new Error("Cannot access properties on a WritableStream stub"));
  }

  override pull(puller: Puller): void {
    puller.reject(new Error("Cannot pull a WritableStream stub"));
  }

  override onBroken(): void {}
}
