import { createWriteStream, openSync } from "node:fs";
import { reportError } from "@capnweb/core";
import { formatEntry, formatHeader } from "./lines.ts";
import type { Recorder } from "./recorder.ts";

/** Most bytes that wait for the disk. */
const MOST_WAITING = 64 * 1024 * 1024;

/**
 * Writes a recording to a file as it grows. If the disk is full, or too slow for the sessions, the
 * file ends there: sessions never wait for it. The error goes to the console, and to the caller of
 * the returned function.
 *
 * @returns a function that ends the file. It resolves once the file is written, and rejects with
 *   the error that ended it earlier
 * @throws the error of the file system for a file that can't be opened
 */
export function recordFile(recorder: Recorder, path: string, title: string): () => Promise<void> {
  const file = createWriteStream(path, { fd: openSync(path, "w") });
  let failure: Error | undefined;
  const fail = (error: Error) => {
    if (failure) return;
    failure = error;
    stop();
    file.destroy();
    reportError(error, "observer");
  };
  const write = (line: string) => {
    file.write(`${line}\n`);
    if (file.writableLength > MOST_WAITING) fail(tooSlow(path));
  };
  const stop = recorder.onEntry((entry) => write(formatEntry(entry)));
  file.on("error", fail);
  write(formatHeader(title));
  return async () => {
    stop();
    if (!failure) {
      await new Promise<void>((resolve) => {
        file.once("close", resolve);
        file.end();
      });
    }
    if (failure) throw failure;
  };
}

function tooSlow(path: string): Error {
  return new Error(`The recording ${path} ends early: its disk is slower than the sessions.`);
}
