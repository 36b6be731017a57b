/** Bytes of a chunk. Some platforms read a file in chunks that are too long for a message. */
const CHUNK = 256 * 1024;

/** The bytes of a file from an offset on. They are read when the receiver has room for them. */
export function bytesOf(file: Blob, offset: number): ReadableStream<Uint8Array> {
  let position = offset;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const chunk = file.slice(position, position + CHUNK);
        if (chunk.size === 0) return controller.close();
        position += chunk.size;
        controller.enqueue(new Uint8Array(await chunk.arrayBuffer()));
      },
    },
    { highWaterMark: 0 },
  );
}
