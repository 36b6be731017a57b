import { callOptions, type RpcStub } from "@capnweb/core";
import type { ReadOnlyDirectory } from "../src/directory.ts";
import type { Resumption } from "../src/transfers.ts";
import { type Transfer, untilDone } from "./transfer.ts";

/** Bytes after which chunks become a blob, which the browser may keep on the disk. */
const BLOB_SIZE = 8 * 1024 * 1024;

/**
 * Downloads a file. After a loss of the connection, it goes on after the bytes that are here.
 *
 * @param directory gets the directory in the current session, for each attempt
 * @throws the reason of `signal`; the server's refusal, also if the file changes meanwhile
 */
export async function download(
  directory: () => RpcStub<ReadOnlyDirectory>,
  name: string,
  { signal, onProgress }: Transfer,
): Promise<Blob> {
  const blobs: Blob[] = [];
  let chunks: Uint8Array<ArrayBuffer>[] = [];
  let waiting = 0;
  let from: Resumption | undefined;
  await untilDone(signal, async () => {
    using found = await callOptions(directory(), { signal }).download(name, from);
    const { size, version } = found;
    from ??= { version, offset: 0 };
    let { offset } = from;
    onProgress(offset, size);
    await eachChunk(found.content, signal, (chunk) => {
      chunks.push(chunk);
      offset += chunk.length;
      from = { version, offset };
      onProgress(offset, size);
      waiting += chunk.length;
      if (waiting < BLOB_SIZE) return;
      blobs.push(new Blob(chunks));
      chunks = [];
      waiting = 0;
    });
  });
  return new Blob([...blobs, ...chunks]);
}

/** Reads a stream to its end. If the signal aborts, the sender of the stream stops. */
async function eachChunk(
  content: ReadableStream<Uint8Array<ArrayBuffer>>,
  signal: AbortSignal,
  use: (chunk: Uint8Array<ArrayBuffer>) => void,
): Promise<void> {
  const reader = content.getReader();
  const stop = () => void reader.cancel(signal.reason).catch(() => {});
  signal.addEventListener("abort", stop);
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) use(next.value);
    signal.throwIfAborted();
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
