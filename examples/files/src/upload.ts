import { currentCall, type RpcStub, RpcTarget } from "@capnweb/core";
import { FileError } from "./errors.ts";
import type { Folder } from "./folder.ts";
import type { Part } from "./part.ts";
import type { Parts } from "./parts.ts";

/** An unfinished upload. Its holder can send the rest of the file. */
export class Upload extends RpcTarget {
  readonly #parts: Parts;
  readonly #part: Part;
  readonly #folder: Folder;

  constructor(parts: Parts, part: Part, folder: Folder) {
    super();
    this.#parts = parts;
    this.#part = part;
    this.#folder = folder;
  }

  /**
   * Appends the rest of the file. If the call is cancelled or the session ends, the bytes that have
   * arrived stay, and another call goes on after them.
   *
   * @param content the bytes from `offset` on, up to the end of the file
   * @param offset the number of bytes that the server has
   * @param onProgress called with the number of bytes that have arrived
   * @throws FileError `OFFSET`, `BAD_SIZE`, `EXISTS`
   */
  async append(
    content: ReadableStream<Uint8Array>,
    offset: number,
    onProgress: RpcStub<(received: number) => void>,
  ): Promise<void> {
    const { signal } = currentCall();
    const progress = onProgress.dup();
    const tell = (received: number) => void progress(received).then(undefined, () => {});
    try {
      await this.#part.writeAlone(async (stopped) => {
        const either = AbortSignal.any([signal, stopped]);
        await this.#part.append(content, offset, either, tell);
        await this.#finish();
      });
    } finally {
      progress[Symbol.dispose]();
    }
  }

  async #finish(): Promise<void> {
    const received = await this.#part.received();
    const { size } = this.#part.facts;
    if (received === size) return this.#parts.finish(this.#part, this.#folder);
    throw new FileError("BAD_SIZE", `The bytes ended after ${received} of ${size}.`);
  }
}
