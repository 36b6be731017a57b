import { callOptions, type RpcStub } from "@capnweb/core";
import type { Directory } from "../src/directory.ts";
import { bytesOf } from "./bytes.ts";
import { type Transfer, untilDone } from "./transfer.ts";

/**
 * Uploads a file, or the rest of it. After a loss of the connection, it goes on after the bytes
 * that the server has. So does a later call, of another page, with the same file.
 *
 * @param directory gets the directory in the current session, for each attempt
 * @throws the reason of `signal`; the server's refusal
 */
export async function upload(
  directory: () => RpcStub<Directory>,
  file: File,
  { signal, onProgress }: Transfer,
): Promise<void> {
  const { name, size, lastModified } = file;
  await untilDone(signal, async () => {
    using started = await callOptions(directory(), { signal }).upload(name, size, lastModified);
    const { received } = started;
    onProgress(received, size);
    if (!started.upload) return;
    await callOptions(started.upload, { signal }).append(bytesOf(file, received), received, (now) =>
      onProgress(now, size),
    );
  });
}
