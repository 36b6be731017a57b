import type { Entry } from "./entry.ts";
import { formatEntry, parseEntry } from "./lines.ts";

/*
 * Entries travel to the page as a flat list, because most are short frames: the text of a frame, or
 * the line of any other entry, and three numbers.
 */

const OTHER = -1;
const ITEMS = 4;

/**
 * Adds an entry to a list that travels.
 *
 * @returns the length of its text
 */
export function pack(entry: Entry, packed: (string | number)[]): number {
  if (entry.kind === "frame" && typeof entry.frame === "string" && entry.size === undefined) {
    const { session, at, from, frame } = entry;
    packed.push(session, at, from === "server" ? 1 : 0, frame);
    return frame.length;
  }
  const line = formatEntry(entry);
  packed.push(OTHER, 0, 0, line);
  return line.length;
}

/** Returns the entries in a list that {@link pack} wrote. Others are left out. */
export function unpack(packed: readonly unknown[]): Entry[] {
  const entries: Entry[] = [];
  for (let i = 0; i + ITEMS <= packed.length; i += ITEMS) {
    const [session, at, server, text] = packed.slice(i, i + ITEMS) as [
      number,
      number,
      number,
      string,
    ];
    if (session === OTHER) {
      const entry = parseEntry(text);
      if (entry) entries.push(entry);
    } else {
      const from = server === 1 ? "server" : "client";
      entries.push({ kind: "frame", session, at, from, frame: text });
    }
  }
  return entries;
}
