import type { ServedWriter } from "../local/serving.ts";
import type { Payload } from "../model/payload.ts";
import type { Lifetime } from "../session/lifetime.ts";
import { ServedOperation, type ServeInterceptor } from "./served-operation.ts";

/** A chunk that the peer writes to a stream of this process, or the end of that. */
export class ServedWrite extends ServedOperation {
  readonly #writer: ServedWriter;
  readonly #args: Payload;
  readonly #write: () => Promise<void>;

  constructor(
    interceptors: readonly ServeInterceptor[],
    lifetime: Lifetime,
    writer: ServedWriter,
    args: Payload,
    write: () => Promise<void>,
  ) {
    super(interceptors, lifetime);
    this.#writer = writer;
    this.#args = args;
    this.#write = write;
  }

  /** Rejects if an interceptor refuses. */
  serve(): Promise<void> {
    const done = this.#serve();
    // Chunks that come later mustn't overtake this one.
    if (!this.hasBegun) this.#writer.tail = done.catch(() => {});
    return done;
  }

  async #serve(): Promise<void> {
    try {
      await this.pass();
    } catch (error) {
      // The stream lacks the chunk.
      if (!this.hasBegun) this.#writer.abandon(error);
      throw error;
    } finally {
      this.giveUp();
    }
  }

  protected perform(): Promise<void> {
    return this.#write();
  }

  protected abandon(): void {
    this.#args.dispose();
  }

  /** The failure of a write is told by the stream as well. */
  protected dispose(result: unknown): void {
    (result as Promise<void>).catch(() => {});
  }
}
