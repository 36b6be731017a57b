import { notAFunction } from "../errors.ts";
import {
  ErrorHook,
  type PropertyPath,
  type Puller,
  type StubHook,
  type Unregister,
} from "../hook.ts";
import { Shared, SharedHook } from "../hooks/shared.ts";
import { withDisposer } from "../payload/deliver.ts";
import type { Payload } from "../payload/payload.ts";
import type { Runtime } from "../runtime.ts";
import { unclosed } from "./held-stream.ts";

/** What a peer may call, each as the stream's writer has it. */
const METHODS = ["write", "close", "abort"] as const;

class SharedWriter extends Shared {
  readonly runtime: Runtime;
  /** The last call that had to wait for its chunk; later ones queue up behind it. */
  tail: Promise<unknown> | undefined;
  /** Called if the stream fails by itself while no call is under way that says so. */
  onFailure: ((error: unknown) => void) | undefined;
  readonly #writer: WritableStreamDefaultWriter<unknown>;
  #ended = false;
  #writing = 0;

  constructor(runtime: Runtime, stream: WritableStream<unknown>) {
    super();
    this.runtime = runtime;
    this.#writer = stream.getWriter();
    // Failures are reported by the calls they concern, if there are any.
    this.#writer.closed.catch((error) => {
      if (!this.#ended && this.#writing === 0) this.onFailure?.(error);
    });
    this.#writer.ready.catch(() => {});
  }

  /** Takes over `args`. */
  async call(method: (typeof METHODS)[number], args: Payload): Promise<void> {
    const [operand] = args.value as unknown[];
    if (method === "write") {
      // What the chunk holds is the reader's now, so it isn't disposed with the call.
      // One that fails isn't taken off: its answer says that the stream failed.
      this.#writing++;
      await this.#writer.write(withDisposer(operand, args));
      this.#writing--;
      return;
    }
    this.#ended = true;
    try {
      await this.#writer[method](operand);
    } finally {
      args.dispose();
    }
  }

  /** Aborts the stream, unless it was closed or aborted. */
  abandon(error: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#writer.abort(error).catch(() => {});
  }

  override drop({ error } = new ErrorHook(unclosed())): void {
    this.abandon(error);
  }
}

/**
 * A reference to the writing end of a stream of this process, with the methods `write(chunk)`,
 * `close()` and `abort(reason)`. Locks the stream; giving up the last reference aborts it, unless it
 * was closed.
 */
export class WritableHook extends SharedHook<SharedWriter> {
  /** @throws TypeError if the stream is locked */
  static of(runtime: Runtime, stream: WritableStream<unknown>): WritableHook {
    return new WritableHook(new SharedWriter(runtime, stream));
  }

  protected override another(shared: SharedWriter): StubHook {
    return new WritableHook(shared);
  }

  /** Has `callback` called if the stream fails while the peer awaits no answer that would say so. */
  set onFailure(callback: (error: unknown) => void) {
    this.shared.onFailure = callback;
  }

  override deliverCall(path: PropertyPath, args: Payload): StubHook {
    const { shared } = this;
    const method = METHODS.find((name) => path.length === 1 && path[0] === name);
    if (!method) throw notAFunction(path);
    args.own();
    const filling = args.fillIn();
    const call = () => shared.call(method, args);
    if (!filling && !shared.tail) {
      return shared.runtime.hookOfPromise(call());
    }
    const result = Promise.all([shared.tail, filling]).then(call, (error) => {
      // A promise in the chunk rejected, so that the stream lacks the chunk.
      args.dispose();
      shared.abandon(error);
      throw error;
    });
    shared.tail = result.catch(() => {});
    return shared.runtime.hookOfPromise(result);
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

  override onBroken(): Unregister {
    return () => {};
  }
}
