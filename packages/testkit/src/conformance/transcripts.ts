import { readdir, readFile } from "node:fs/promises";
import { parseTranscript } from "../transcript/format.ts";
import type { Transcript } from "../transcript/transcript.ts";

const directory = new URL("../../transcripts/", import.meta.url);

/** Loads every transcript that comes with this package, by file name without its extension. */
export async function loadTranscripts(): Promise<Map<string, Transcript>> {
  const files = (await readdir(directory)).filter((file) => file.endsWith(".jsonl")).sort();
  const loaded = files.map(
    async (file): Promise<[string, Transcript]> => [
      file.replace(/\.jsonl$/, ""),
      parseTranscript(await readFile(new URL(file, directory), "utf8")),
    ],
  );
  return new Map(await Promise.all(loaded));
}
