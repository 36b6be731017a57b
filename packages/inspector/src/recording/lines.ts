import { CodedError } from "@capnweb/wire/coded";
import type { Entry } from "./entry.ts";
import { entryOf } from "./entry-of.ts";
import { linesOf } from "./lines-of.ts";

const VERSION = 1;

/** A recording, read from a file. */
export interface Recording {
  readonly title: string;
  readonly entries: readonly Entry[];
  /** The number of lines that couldn't be read. */
  readonly unreadable: number;
}

/** The text isn't a recording. */
export class RecordingError extends CodedError {
  override readonly name = "RecordingError";
  /** The same for every error of this class. */
  get code(): "RECORDING" {
    return "RECORDING";
  }
}

/** Formats the first line of a recording, without a newline. */
export function formatHeader(title: string): string {
  return JSON.stringify({ "capnweb-recording": VERSION, title });
}

/** Formats an entry as a line, without a newline. */
export function formatEntry(entry: Entry): string {
  if (entry.kind !== "frame" || typeof entry.frame === "string") return JSON.stringify(entry);
  return JSON.stringify({ ...entry, frame: { base64: base64Of(entry.frame) } });
}

/**
 * Reads a recording: JSON lines, of which the first is the header. Lines that can't be read are
 * left out and counted, because a program that was killed leaves half a line.
 *
 * @throws RecordingError for text without the header, and for an unknown version
 */
export function parseRecording(text: string): Recording {
  const lines = linesOf(text);
  const header = parsed(lines.next().value ?? "") as
    | { "capnweb-recording"?: unknown; title?: unknown }
    | undefined;
  const version = header?.["capnweb-recording"];
  if (version !== VERSION) {
    throw new RecordingError(
      version === undefined
        ? 'This is no recording: its first line has to be {"capnweb-recording":1,…}.'
        : `This recording has version ${version}. This inspector reads version ${VERSION}.`,
    );
  }
  const entries: Entry[] = [];
  let unreadable = 0;
  for (const line of lines) {
    if (line.trim() === "") continue;
    const entry = parseEntry(line);
    if (entry) entries.push(entry);
    else unreadable++;
  }
  return { title: String(header?.title ?? ""), entries, unreadable };
}

/** Reads the line of an entry; `undefined` if it is none. */
export function parseEntry(line: string): Entry | undefined {
  return entryOf(parsed(line));
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function base64Of(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}
