import { createWriteStream } from "node:fs";
import { formatEntry, formatHeader } from "./lines.ts";
import type { Recorder } from "./recorder.ts";

/**
 * Writes a recording to a file as it grows.
 *
 * @returns a function that ends the file, and resolves once it is written
 */
export function recordFile(recorder: Recorder, path: string, title: string): () => Promise<void> {
  const file = createWriteStream(path);
  file.write(`${formatHeader(title)}\n`);
  const stop = recorder.onEntry((entry) => file.write(`${formatEntry(entry)}\n`));
  return () => {
    stop();
    return new Promise((resolve) => file.end(resolve));
  };
}
