import type { Budget } from "../budget.ts";
import { takeScope } from "../call-context/running-call.ts";
import type { ServedWriter } from "../local/serving.ts";
import type { PropertyPath } from "../model/hook.ts";
import type { Payload } from "../model/payload.ts";
import { type Chain, ServedOperation } from "./served-operation.ts";

/** A chunk that the peer writes to a stream of this process, or the end of the stream. */
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

  /** Serves the write. Rejects if an interceptor refuses. */
  serve(): Promise<void> {
    const done = this.passAsCall() as Promise<void>;
    const scope = takeScope();
    const end = () => scope!.end();
    if (scope) done.then(end, end);
    // Later chunks mustn't overtake this one.
    if (!this.hasBegun) this.#writer.tail = done.catch(() => {});
    return done;
  }

  protected override async pass(): Promise<void> {
    try {
      await super.pass();
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

  /** Ignores the result, because the stream also reports the failure of a write. */
  protected dispose(result: unknown): void {
    (result as Promise<void>).catch(() => {});
  }
}
