import type { FileHandle } from "node:fs/promises";
import { FileError } from "./errors.ts";

/** Bytes that are read at once, and that wait in memory at most. */
const CHUNK = 64 * 1024;

/** Downloads at the same time, because each has a file open, also while its client is silent. */
const MOST_DOWNLOADS = 200;

/** The downloads of a site. */
export class Downloads {
  #open = 0;

  /**
   * Counts a download.
   *
   * @returns a function that ends it. Idempotent
   * @throws FileError `BUSY`
   */
  begin(): () => void {
    if (this.#open >= MOST_DOWNLOADS) {
      throw new FileError("BUSY", "There are too many downloads. Try again later.");
    }
    this.#open++;
    let isOpen = true;
    return () => {
      if (isOpen) this.#open--;
      isOpen = false;
    };
  }
}

/**
 * The bytes of a file from an offset on. They are read when the receiver has room for them. Closes
 * the file at the end, when it can't be read, and when the receiver gives the stream up.
 *
 * @param onEnd called when the file is closed
 */
export function contentOf(file: FileHandle, offset: number, onEnd: () => void) {
  let position = offset;
  const end = async () => {
    await file.close();
    onEnd();
  };
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        try {
          // A buffer for each chunk, because the session may still be sending the last one.
          const { bytesRead, buffer } = await file.read(new Uint8Array(CHUNK), 0, CHUNK, position);
          position += bytesRead;
          if (bytesRead > 0) return controller.enqueue(buffer.subarray(0, bytesRead));
          controller.close();
        } catch (error) {
          await end();
          throw error;
        }
        await end();
      },
      cancel: end,
    },
    { highWaterMark: 0 },
  );
}
