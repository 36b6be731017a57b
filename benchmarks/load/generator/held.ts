import type { Client } from "../scenarios/client.ts";

/** A session's open work: a call with a function that isn't answered, and an open stream. */
export class Held {
  readonly #pending: Disposable;
  readonly #reader: ReadableStreamDefaultReader<string>;

  static async start({ api }: Client): Promise<Held> {
    const pending = api.wait((number: number) => number);
    const reader = (await api.subscribe()).getReader();
    await reader.read();
    return new Held(pending, reader);
  }

  private constructor(pending: Disposable, reader: ReadableStreamDefaultReader<string>) {
    this.#pending = pending;
    this.#reader = reader;
  }

  async release(): Promise<void> {
    this.#pending[Symbol.dispose]();
    await this.#reader.cancel();
  }
}
