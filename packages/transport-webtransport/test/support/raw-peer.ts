import { FrameDecoder, FrameEncoder } from "@capnweb/wire";
import type { ByteStreams } from "../../src/index.ts";

/** A peer without a session. It sends the messages of a test, and collects those that arrive. */
export class RawPeer {
  readonly writer: WritableStreamDefaultWriter<Uint8Array>;
  /** The sizes of the chunks received. */
  readonly chunks: number[] = [];
  readonly messages: string[] = [];
  /** The content of the frames of bytes received. */
  readonly bytes: Uint8Array[] = [];
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #decoder = new FrameDecoder(2 ** 32);

  constructor({ readable, writable }: ByteStreams) {
    this.#reader = readable.getReader();
    this.writer = writable.getWriter();
    // A test that cares about failures awaits a write.
    this.writer.closed.catch(() => {});
  }

  /** Reads until `count` messages have arrived, not counting empty ones. */
  async read(count: number): Promise<string[]> {
    while (this.messages.length < count && (await this.readChunk()));
    return this.messages;
  }

  /**
   * Reads until the stream ends or breaks.
   *
   * @returns whether it ended
   */
  async readToEnd(): Promise<boolean> {
    try {
      while (await this.readChunk());
      return true;
    } catch {
      return false;
    }
  }

  /** @returns whether there was one */
  async readChunk(): Promise<boolean> {
    const { done, value } = await this.#reader.read();
    if (done) return false;
    this.chunks.push(value.length);
    this.#decoder.push(value, (message) => {
      if (typeof message !== "string") this.bytes.push(message);
      else if (message !== "") this.messages.push(message);
    });
    return true;
  }

  async write(...messages: (string | Uint8Array)[]): Promise<void> {
    await this.writer.write(framed(...messages));
  }
}

/** The frames of messages, as bytes. */
export function framed(...messages: (string | Uint8Array)[]): Uint8Array {
  const encoder = new FrameEncoder(2 ** 20);
  for (const message of messages) encoder.push(message);
  return encoder.take()!;
}
