import type {
  CloseEntry,
  Entry,
  FrameEntry,
  Given,
  Note,
  NoteEntry,
  OpenEntry,
  Side,
} from "./entry.ts";

/** The latest time that a `Date` can have, in milliseconds since 1970. */
const LATEST = 8.64e15;

type Members = Readonly<Record<string, unknown>>;
type Start = Pick<Entry, "session" | "at">;

/**
 * Reads an entry of a recorded file. The file may be anyone's, so only members of the expected
 * types are taken over.
 *
 * @returns `undefined` for anything that is no entry
 */
export function entryOf(value: unknown): Entry | undefined {
  if (!isRecord(value)) return undefined;
  const { kind, session, at } = value;
  if (typeof at !== "number" || !(Math.abs(at) <= LATEST)) return undefined;
  if (typeof session !== "number" || !Number.isSafeInteger(session)) return undefined;
  const start = { session, at };
  if (kind === "open") return openOf(value, start);
  if (kind === "frame") return frameOf(value, start);
  if (kind === "note") return noteOf(value, start);
  return kind === "close" ? closeOf(value, start) : undefined;
}

function openOf(value: Members, start: Start): OpenEntry | undefined {
  const { label, recordedBy, hasNotes, medium, address, identity } = value;
  if (typeof label !== "string") return undefined;
  return {
    kind: "open",
    ...start,
    label,
    recordedBy: sideOf(recordedBy),
    hasNotes: hasNotes === true,
    medium: textOf(medium),
    address: textOf(address),
    identity: textOf(identity),
  };
}

function frameOf(value: Members, start: Start): FrameEntry | undefined {
  const from = sideOf(value["from"]);
  const frame = contentOf(value["frame"]);
  if (from === undefined || frame === undefined) return undefined;
  const { size } = value;
  const isSize = typeof size === "number" && Number.isSafeInteger(size) && size >= 0;
  return { kind: "frame", ...start, from, frame, ...(isSize && { size }) };
}

function contentOf(frame: unknown): string | Uint8Array | undefined {
  if (typeof frame === "string") return frame;
  const base64 = isRecord(frame) ? frame["base64"] : undefined;
  if (typeof base64 !== "string") return undefined;
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

function closeOf({ reason }: Members, start: Start): CloseEntry | undefined {
  return typeof reason === "string" ? { kind: "close", ...start, reason } : undefined;
}

function noteOf(value: Members, start: Start): NoteEntry | undefined {
  const note = isRecord(value["note"]) ? contentOfNote(value["note"]) : undefined;
  return note && { kind: "note", ...start, note };
}

function contentOfNote(note: Members): Note | undefined {
  const { is, name, stack, serial, id, message, target, given } = note;
  if (is === "called") {
    return areTexts(name, stack) ? { is, name: name as string, stack: stack as string } : undefined;
  }
  if (is === "failed") {
    if (typeof id !== "number" || !areTexts(name, message)) return undefined;
    return { is, id, name: name as string, message: message as string };
  }
  if (typeof serial !== "number") return undefined;
  if (is === "served" && areTexts(name)) {
    return { is, serial, name: name as string, target: textOf(target) };
  }
  if (is !== "gave" || !Array.isArray(given)) return undefined;
  return { is, serial, given: given.flatMap((each) => givenOf(each) ?? []) };
}

function givenOf(value: unknown): Given | undefined {
  if (!isRecord(value) || typeof value["label"] !== "string") return undefined;
  return { label: value["label"], stack: textOf(value["stack"]) };
}

function sideOf(value: unknown): Side | undefined {
  return value === "client" || value === "server" ? value : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function areTexts(...values: readonly unknown[]): boolean {
  return values.every((value) => typeof value === "string");
}

function isRecord(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
