import { CodedError } from "@capnweb/wire/coded";
import type { Entry } from "./entry.ts";

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
  const [head = "", ...lines] = text.split("\n");
  const header = parsed(head) as { "capnweb-recording"?: unknown; title?: unknown } | undefined;
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

/** The kinds of entries, and the texts that each must have. */
const TEXTS: Readonly<Record<string, readonly string[]>> = {
  __proto__: null as never,
  open: ["label"],
  frame: ["from"],
  note: [],
  close: ["reason"],
};

function entryOf(value: any): Entry | undefined {
  const texts = TEXTS[value?.kind];
  if (!texts || !Number.isFinite(value.at) || !Number.isInteger(value.session)) return undefined;
  if (texts.some((name) => typeof value[name] !== "string")) return undefined;
  if (value.kind === "note") return typeof value.note?.is === "string" ? value : undefined;
  if (value.kind !== "frame") return value;
  if (value.from !== "client" && value.from !== "server") return undefined;
  if (typeof value.frame === "string") return value;
  if (typeof value.frame?.base64 !== "string") return undefined;
  return { ...value, frame: bytesOf(value.frame.base64) };
}

function base64Of(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

function bytesOf(base64: string): Uint8Array {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return new Uint8Array();
  }
}
