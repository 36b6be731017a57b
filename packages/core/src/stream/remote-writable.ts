/** Why a stream has failed. */
export interface Failure {
  readonly error: unknown;
}

/**
 * A stream whose `close()` rejects with the error because of which the stream has failed. That of the
 * platform's streams only says that the stream isn't writable any more.
 */
export class RemoteWritable extends WritableStream<unknown> {
  readonly #failure: () => Failure | undefined;

  /** @param failure gives the failure, once there is one */
  constructor(sink: UnderlyingSink<unknown>, failure: () => Failure | undefined) {
    super(sink);
    this.#failure = failure;
  }

  override getWriter(): WritableStreamDefaultWriter<unknown> {
    const writer = super.getWriter();
    const close = writer.close;
    Object.defineProperty(writer, "close", {
      value: () => this.#explain(close.call(writer)),
      configurable: true,
      writable: true,
    });
    return writer;
  }

  override close(): Promise<void> {
    return this.#explain(super.close());
  }

  async #explain(closed: Promise<void>): Promise<void> {
    try {
      await closed;
    } catch (error) {
      throw this.#failure() ? this.#failure()!.error : error;
    }
  }
}
