import type { Budget } from "../budget.ts";
import type { ServedWriter } from "../local/serving.ts";
import type { PropertyPath } from "../model/hook.ts";
import type { Payload } from "../model/payload.ts";
import { type Chain, ServedOperation } from "./served-operation.ts";

/** A chunk that the peer writes to a stream of this process, or the end of that. */
export class ServedWrite extends ServedOperation {
  readonly #writer: ServedWriter;
  readonly #payload: Payload;
  readonly #write: () => Promise<void>;

  constructor(
    chain: Chain,
    writer: ServedWriter,
    path: PropertyPath,
    payload: Payload,
    write: () => Promise<void>,
  ) {
    super(chain, "stream", undefined, path, payload.value);
    this.#writer = writer;
    this.#payload = payload;
    this.#write = write;
  }

  protected get account(): Budget | undefined {
    return this.#payload.budget;
  }

  override get target(): string {
    return "WritableStream";
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
    this.#payload.dispose();
  }

  /** The failure of a write is told by the stream as well. */
  protected dispose(result: unknown): void {
    (result as Promise<void>).catch(() => {});
  }
}
