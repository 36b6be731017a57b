import type { FileHandle } from "node:fs/promises";

/** Bytes that are read at once, and that wait in memory at most. */
const CHUNK = 64 * 1024;

/**
 * The bytes of a file from an offset on. They are read when the receiver has room for them. Closes
 * the file at the end, and when the receiver gives the stream up.
 */
export function contentOf(file: FileHandle, offset: number) {
  let position = offset;
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        // A buffer for each chunk, because the session may still be sending the last one.
        const { bytesRead, buffer } = await file.read(new Uint8Array(CHUNK), 0, CHUNK, position);
        position += bytesRead;
        if (bytesRead > 0) return controller.enqueue(buffer.subarray(0, bytesRead));
        controller.close();
        await file.close();
      },
      cancel: () => file.close(),
    },
    { highWaterMark: 0 },
  );
}
